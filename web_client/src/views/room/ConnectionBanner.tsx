import { RotateCw } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Banner, Button } from '../../ui';
import { trouble, type Trouble } from './connectionWords';
import type { RoomView } from './model';

/** What is shorter than this is not worth a word. */
const SHORT_MS = 700;
/** After so long the reader is told what to do. */
const LONG_MS = 20_000;
const BACK_SHOWN_MS = 4_000;

const TITLES: Record<Trouble, string> = { hub: 'room-reconnecting', path: 'room-path-lost', relay: 'room-no-media' };
const TEST_IDS: Record<Trouble, string> = { hub: 'reconnecting', path: 'path-lost', relay: 'no-media' };

type Shown = { readonly kind: Trouble; readonly long: boolean } | { readonly kind: 'back' } | null;

/** Says what is broken, what still works, that it repairs itself, and then that all is well. One at a time. */
export function ConnectionBanner({ room }: { room: RoomView }): VNode | null {
  const shown = useShown(trouble(room));
  if (!shown) return null;
  if (shown.kind === 'back') {
    return <Banner tone="success" title={t('room-back')} data-testid="connection-back" />;
  }
  const title = TITLES[shown.kind];
  return (
    <Banner tone="warning" title={t(title)} data-testid={TEST_IDS[shown.kind]}>
      <p>{t(`${title}-text`)}</p>
      {shown.long ? (
        <>
          <p>{t(`${title}-long`)}</p>
          <div>
            <Button icon={RotateCw} onClick={() => location.reload()} data-testid="reload">
              {t('room-reload')}
            </Button>
          </div>
        </>
      ) : null}
    </Banner>
  );
}

function useShown(found: Trouble | null): Shown {
  const [shown, setShown] = useState<Shown>(null);
  const since = useRef<number | null>(null);
  useEffect(() => {
    const timers: ReturnType<typeof setTimeout>[] = [];
    if (found) {
      since.current ??= Date.now();
      const gone = Date.now() - since.current;
      timers.push(setTimeout(() => setShown({ kind: found, long: gone >= LONG_MS }), Math.max(0, SHORT_MS - gone)));
      timers.push(setTimeout(() => setShown({ kind: found, long: true }), Math.max(SHORT_MS, LONG_MS - gone)));
    } else if (since.current !== null) {
      since.current = null;
      setShown((before) => (before ? { kind: 'back' } : null));
      timers.push(setTimeout(() => setShown(null), BACK_SHOWN_MS));
    }
    return () => timers.forEach(clearTimeout);
  }, [found]);
  return shown;
}
