import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatDateTime, t } from '../../i18n';
import { me, serverNow } from '../../state/session';

const REPEATS = 12;

/**
 * Who reads, when and where, across the page: a photograph of the screen names its photographer. The style sheet draws
 * it, so that it is neither read aloud, nor selected or found with the text.
 */
export function Watermark({ zone }: { zone: string }): VNode | null {
  const person = me.value;
  const at = useMemo(() => new Date(serverNow()), []);
  if (!person) return null;
  const site = person.site?.name ?? '';
  const text = t('paper-watermark', { name: person.name, at: formatDateTime(at, zone), site });
  return (
    <div class="watermark" aria-hidden="true">
      {Array.from({ length: REPEATS }, (_, index) => (
        <span key={index} data-text={text} />
      ))}
    </div>
  );
}
