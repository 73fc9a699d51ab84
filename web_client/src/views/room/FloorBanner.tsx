import { Mic } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { currentSpeaker } from '../../state/viewModels';
import { Banner, Button } from '../../ui';
import type { RoomView } from './model';
import { switchSource } from './sourceActions';

/** Tells the reader that it is their turn. The microphone is theirs alone to turn on, so that it asks for one press. */
export function FloorBanner({ room }: { room: RoomView }): VNode | null {
  const { session, snapshot, personId, hall } = room;
  const speaker = currentSpeaker(snapshot);
  if (speaker?.personId !== personId) return null;
  if (hall) {
    return (
      <Banner tone="success" title={t('room-your-floor')} data-testid="your-floor">
        <p>{t('room-your-floor-hall', { hall: hall.name })}</p>
      </Banner>
    );
  }
  const heard = session.microphone.on.value;
  return (
    <Banner tone="success" title={t(heard ? 'room-your-floor' : 'room-your-floor-muted')} data-testid="your-floor">
      {heard ? (
        <p>{t('room-your-floor-heard')}</p>
      ) : (
        <div>
          <Button
            kind="primary"
            large
            icon={Mic}
            busy={session.microphone.busy.value}
            onClick={() => switchSource(session.microphone, 'microphone', true)}
            data-testid="floor-unmute"
          >
            {t('lobby-microphone-off')}
          </Button>
        </div>
      )}
    </Banner>
  );
}
