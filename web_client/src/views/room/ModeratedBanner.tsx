import { Mic } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { Banner, Button } from '../../ui';
import type { RoomView } from './model';
import { switchSource } from './sourceActions';

/** Says who muted the microphone here, or who asks to turn it on. It is the reader's to decide. */
export function ModeratedBanner({ room }: { room: RoomView }): VNode | null {
  const { moderated, microphone } = room.session;
  const notice = moderated.value;
  if (!notice || (microphone.on.value && notice.action === 'unmute_wanted')) return null;
  const dismiss = () => {
    moderated.value = null;
  };
  const unmute = () => {
    switchSource(microphone, 'microphone', true);
    dismiss();
  };
  return (
    <Banner
      tone="info"
      title={t(notice.action === 'muted' ? 'room-muted-by' : 'room-unmute-wanted', { name: notice.by })}
      data-testid={`moderated-${notice.action}`}
    >
      <div class="actions">
        {room.can.send ? (
          <Button icon={Mic} onClick={unmute} data-testid="moderated-unmute">
            {t('lobby-microphone-off')}
          </Button>
        ) : null}
        <Button kind="quiet" onClick={dismiss} data-testid="moderated-dismiss">
          {t(notice.action === 'muted' ? 'room-understood' : 'room-not-now')}
        </Button>
      </div>
    </Banner>
  );
}
