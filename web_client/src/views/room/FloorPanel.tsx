import { Hand, MessageSquareWarning, MicVocal, Square, Undo2 } from 'lucide';
import type { VNode } from 'preact';
import { errorText, formatDuration, t } from '../../i18n';
import type { Speaker, SpeakerKind } from '../../protocol/generated';
import { floorHolders, participant, spokenSeconds, waitingSpeakers } from '../../state/viewModels';
import { Avatar, Badge, Button, notify } from '../../ui';
import './floor.css';
import type { RoomView } from './model';
import { useClock } from './useClock';

const KINDS: readonly SpeakerKind[] = ['turn', 'intervention', 'point_of_order'];

/** The speakers' list: who speaks, who waits; ask for the floor, give it, take it back. */
export function FloorPanel({ room }: { room: RoomView }): VNode {
  const holders = floorHolders(room.snapshot);
  const waiting = waitingSpeakers(room.snapshot);
  const mine = new Set(waiting.filter((one) => one.personId === room.personId).map((one) => one.kind));
  return (
    <div class="floor">
      <section aria-label={t('room-floor-now')}>
        <h3>{t('room-floor-now')}</h3>
        {holders.length === 0 ? <p class="floor__empty">{t('room-floor-free')}</p> : null}
        <ul>
          {holders.map((speaker) => (
            <Entry key={speaker.id} room={room} speaker={speaker} />
          ))}
        </ul>
      </section>
      <section aria-label={t('room-floor-waiting')}>
        <h3>{t('room-floor-waiting')}</h3>
        {waiting.length === 0 ? <p class="floor__empty">{t('room-floor-nobody')}</p> : null}
        <ol>
          {waiting.map((speaker) => (
            <Entry key={speaker.id} room={room} speaker={speaker} />
          ))}
        </ol>
      </section>
      {room.can.askForFloor ? (
        <div class="floor__ask">
          {KINDS.filter((kind) => !mine.has(kind)).map((kind) => (
            <Button
              key={kind}
              icon={kind === 'point_of_order' ? MessageSquareWarning : Hand}
              onClick={() => send(room, 'floor.request', { kind })}
              data-testid={`ask-${kind}`}
            >
              {t(`room-ask-${kind}`)}
            </Button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function send(room: RoomView, ...request: Parameters<RoomView['meeting']['request']>): void {
  room.meeting.request(...request).catch((error: unknown) => notify(errorText(error)));
}

function Entry({ room, speaker }: { room: RoomView; speaker: Speaker }): VNode {
  const name = participant(room.snapshot, speaker.personId)?.name ?? '';
  return (
    <li class={speaker.state === 'speaking' ? 'floor__entry floor__entry--speaking' : 'floor__entry'}>
      <Avatar name={name} />
      <div class="floor__words">
        <strong>{name}</strong>
        <span>
          {speaker.kind === 'turn' ? null : <Badge tone="warning">{t(`room-kind-${speaker.kind}`)}</Badge>}{' '}
          <Clock speaker={speaker} />
        </span>
      </div>
      <EntryControls room={room} speaker={speaker} name={name} />
    </li>
  );
}

function Clock({ speaker }: { speaker: Speaker }): VNode | null {
  const now = useClock(speaker.state === 'speaking');
  if (speaker.state === 'waiting') return null;
  return <time>{formatDuration(spokenSeconds(speaker, now))}</time>;
}

function EntryControls({ room, speaker, name }: { room: RoomView; speaker: Speaker; name: string }): VNode | null {
  const speakerId = speaker.id;
  if (speaker.state !== 'waiting') {
    if (!room.can.run && speaker.personId !== room.personId) return null;
    return (
      <Button
        icon={Square}
        aria-label={t('room-floor-end-of', { name })}
        onClick={() => send(room, 'floor.end', { speakerId })}
        data-testid={`end-floor-${speakerId}`}
      >
        {t('room-floor-end')}
      </Button>
    );
  }
  return (
    <div class="actions">
      {room.can.run ? (
        <Button
          icon={MicVocal}
          aria-label={t('room-floor-grant-to', { name })}
          onClick={() => send(room, 'floor.grant', { speakerId })}
          data-testid={`grant-floor-${speakerId}`}
        >
          {t('room-floor-grant')}
        </Button>
      ) : null}
      {speaker.personId === room.personId ? (
        <Button
          kind="quiet"
          icon={Undo2}
          onClick={() => send(room, 'floor.withdraw', { speakerId })}
          data-testid={`withdraw-floor-${speakerId}`}
        >
          {t('room-floor-withdraw')}
        </Button>
      ) : null}
    </div>
  );
}
