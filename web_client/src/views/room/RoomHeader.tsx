import { Users, Wifi, WifiOff } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { pictureMode } from '../../rtc/pictureMode';
import { currentItem } from '../../state/viewModels';
import { Badge, Icon } from '../../ui';
import { ConnectionDetails } from './ConnectionDetails';
import { connectionWords, trouble } from './connectionWords';
import { MeetingControls } from './MeetingControls';
import type { RoomView } from './model';

/** Which meeting, which item, whether there is a quorum, and how the connection stands. */
export function RoomHeader({ room }: { room: RoomView }): VNode {
  const { meeting } = room.snapshot;
  const item = currentItem(room.snapshot);
  return (
    <header class="room__header">
      <div class="room__titles">
        <h1>{meeting.title}</h1>
        <p class="room__item">
          {item
            ? t('room-current-item', {
                position: item.position,
                title: item.hidden ? t('room-restricted-item') : item.title,
              })
            : t(`state-${meeting.state}`)}
        </p>
      </div>
      <QuorumGauge room={room} />
      <ConnectionState room={room} />
      {room.can.run ? <MeetingControls room={room} /> : null}
    </header>
  );
}

function QuorumGauge({ room }: { room: RoomView }): VNode {
  const { present, entitled, required, met } = room.snapshot.quorum;
  return (
    <div class={met ? 'quorum quorum--met' : 'quorum'} data-testid="quorum" data-met={met ? 'true' : 'false'}>
      <Icon icon={Users} />
      <div>
        <span class="quorum__words">
          {t(met ? 'room-quorum-met' : 'room-quorum-missing', {
            present,
            entitled,
            required,
            missing: required - present,
          })}
        </span>
        <span class="quorum__figures">{t('room-quorum-figures', { present, entitled, required })}</span>
      </div>
    </div>
  );
}

function ConnectionState({ room }: { room: RoomView }): VNode {
  const [open, setOpen] = useState(false);
  const { words, good } = connectionWords(room);
  const mode = pictureMode.value;
  return (
    <>
      <button
        type="button"
        class="connection-state"
        aria-haspopup="dialog"
        title={t('connection-open', { words: t(words) })}
        onClick={() => setOpen(true)}
        data-testid="connection"
        data-trouble={trouble(room) ?? 'none'}
      >
        <Badge tone={good ? 'success' : 'warning'} icon={good ? Wifi : WifiOff}>
          {t(words)}
        </Badge>
        {mode === 'automatic' ? null : <Badge data-testid="picture-mode">{t(`pictures-${mode}`)}</Badge>}
      </button>
      {open ? <ConnectionDetails room={room} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
