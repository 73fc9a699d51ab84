import { Building2 } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Endpoint } from '../../protocol/generated';
import { Icon, Select } from '../../ui';

const NONE = '';

/** The hall that the reader named; before that the one of the reader's own site. `NONE` names another place. */
export function chosenHall(offered: readonly Endpoint[], chosen: string | null, siteId: string | null): Endpoint | null {
  const named = offered.find((hall) => hall.id === chosen);
  if (named || chosen === NONE) return named ?? null;
  return offered.find((hall) => siteId !== null && hall.siteId === siteId) ?? null;
}

interface HallChoiceProps {
  offered: readonly Endpoint[];
  hall: Endpoint | null;
  onHall: (id: string) => void;
}

/** In which of the connected halls the reader sits; the hall's camera and sound stand for everybody in it. */
export function HallChoice({ offered, hall, onHall }: HallChoiceProps): VNode {
  return (
    <section class="hall-choice card" aria-label={t('lobby-hall')}>
      <Icon icon={Building2} size={40} />
      {offered.length > 0 ? (
        <Select
          label={t('lobby-hall')}
          value={hall?.id ?? NONE}
          options={[
            ...offered.map((one) => ({ value: one.id, text: hallName(one) })),
            { value: NONE, text: t('lobby-hall-other') },
          ]}
          onValue={onHall}
          data-testid="hall"
        />
      ) : (
        <p data-testid="no-hall">{t('lobby-hall-none')}</p>
      )}
      <p>{t(hall ? 'lobby-hall-text' : 'lobby-hall-text-other')}</p>
    </section>
  );
}

function hallName({ name, siteName }: Endpoint): string {
  return siteName ? t('lobby-hall-name', { name, site: siteName }) : name;
}
