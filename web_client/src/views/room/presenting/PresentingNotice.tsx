import { BookOpen, EyeOff, MonitorPlay, MonitorX, Undo2 } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../../i18n';
import type { Presenting } from '../../../state/presenting';
import { participant } from '../../../state/viewModels';
import { Button, ErrorBanner, Icon } from '../../../ui';
import type { RoomView } from '../model';
import './presenting.css';

interface NoticeProps {
  room: RoomView;
  presenting: Presenting;
}

/** Who presents, whether this page goes with them, and how to change that. */
export function PresentingNotice({ room, presenting }: NoticeProps): VNode | null {
  const presented = presenting.presented.value;
  if (!presented) return presenting.refused.value ? <ErrorBanner error={presenting.refused.value} /> : null;
  if (presented.personId === room.personId) return <Own presenting={presenting} />;
  const name = participant(room.snapshot, presented.personId)?.name ?? t('room-unknown-person');
  const attached = presenting.attached.value;
  return (
    <div class={attached ? 'presenting' : 'presenting presenting--own-way'} role="status" data-testid="presenting">
      <Icon icon={attached ? MonitorPlay : BookOpen} size={18} />
      <span>{t(attached ? 'present-following' : 'present-own-way', { name })}</span>
      <span class="presenting__space" />
      {attached || room.can.hall ? null : (
        <Button kind="primary" icon={Undo2} onClick={() => presenting.attach()} data-testid="present-return">
          {t('present-return')}
        </Button>
      )}
      {room.can.run ? (
        <Button kind="quiet" icon={MonitorX} onClick={() => presenting.end()} data-testid="present-end-other">
          {t('present-end-other')}
        </Button>
      ) : null}
    </div>
  );
}

function Own({ presenting }: { presenting: Presenting }): VNode {
  return (
    <div class="presenting presenting--mine" role="status" data-testid="presenting">
      <Icon icon={MonitorPlay} size={18} />
      <strong>{t('present-mine')}</strong>
      <span data-testid="followers">{t('present-followers', { count: presenting.followers.value })}</span>
      <span class="presenting__space" />
      <Button icon={MonitorX} onClick={() => presenting.end()} data-testid="present-stop">
        {t('present-stop')}
      </Button>
    </div>
  );
}

/** Stands on the stage while something is presented that is not for this reader. */
export function Withheld({ room, presenting }: NoticeProps): VNode {
  return (
    <section class="withheld" aria-label={t('present-withheld')} data-testid="withheld">
      <Icon icon={EyeOff} size={48} />
      <p>{t('present-withheld')}</p>
      {room.can.hall ? null : (
        <Button onClick={() => presenting.detach()} data-testid="withheld-leave">
          {t('present-withheld-leave')}
        </Button>
      )}
    </section>
  );
}
