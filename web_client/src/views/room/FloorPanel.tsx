import { Hand, ListX, MessageSquareWarning, MicVocal, Pause, Play, Square, Undo2 } from 'lucide';
import type { VNode } from 'preact';
import { errorText, t } from '../../i18n';
import type { Speaker, SpeakerKind } from '../../protocol/generated';
import { floorHolders, participant, waitingSpeakers } from '../../state/viewModels';
import { Avatar, Badge, Button, notify, Select } from '../../ui';
import './floor.css';
import type { RoomView } from './model';
import './run/run.css';
import { grantFloor, setSpeakingSeconds, SPEAKING_TIMES, speakingSeconds, SpeakingTime } from './speakingTime';

const KINDS: readonly SpeakerKind[] = ['turn', 'intervention', 'point_of_order'];

/** The speakers' list: who speaks, who waits; ask for the floor, give it, take it back. */
export function FloorPanel({ room }: { room: RoomView }): VNode {
  const holders = floorHolders(room.snapshot);
  const waiting = waitingSpeakers(room.snapshot);
  const mine = new Set(waiting.filter((one) => one.personId === room.personId).map((one) => one.kind));
  const open = room.snapshot.sitting.floorOpen;
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
      {room.can.run ? <ListControls room={room} /> : null}
      {open ? null : (
        <p class="floor__empty" role="status">
          {t('room-floor-closed')}
        </p>
      )}
      {room.can.askForFloor ? (
        <div class="floor__ask">
          {KINDS.filter((kind) => !mine.has(kind) && (open || kind === 'point_of_order')).map((kind) => (
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

/** How long each may speak, and whether more are taken on the list. */
function ListControls({ room }: { room: RoomView }): VNode {
  const { floorOpen } = room.snapshot.sitting;
  return (
    <div class="floor__controls">
      <Select
        label={t('room-floor-time')}
        value={String(speakingSeconds.value)}
        options={SPEAKING_TIMES.map((seconds) => ({
          value: String(seconds),
          text: seconds === 0 ? t('room-floor-time-none') : t('room-floor-minutes', { minutes: seconds / 60 }),
        }))}
        onValue={(value) => setSpeakingSeconds(Number(value))}
        data-testid="floor-time"
      />
      <Button icon={ListX} onClick={() => send(room, 'sitting.set', { floorOpen: !floorOpen })} data-testid="floor-list">
        {t(floorOpen ? 'room-floor-close-list' : 'room-floor-open-list')}
      </Button>
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
          {speaker.state === 'paused' ? <Badge>{t('room-floor-paused')}</Badge> : null} <SpeakingTime speaker={speaker} />
        </span>
      </div>
      <EntryControls room={room} speaker={speaker} name={name} />
    </li>
  );
}

function EntryControls({ room, speaker, name }: { room: RoomView; speaker: Speaker; name: string }): VNode | null {
  const speakerId = speaker.id;
  if (speaker.state !== 'waiting') {
    if (!room.can.run && speaker.personId !== room.personId) return null;
    const paused = speaker.state === 'paused';
    return (
      <div class="actions">
        {room.can.run ? (
          <Button
            icon={paused ? Play : Pause}
            aria-label={t(paused ? 'room-floor-resume-of' : 'room-floor-pause-of', { name })}
            onClick={() => send(room, paused ? 'floor.resume' : 'floor.pause', { speakerId })}
            data-testid={`${paused ? 'resume' : 'pause'}-floor-${speakerId}`}
          >
            {t(paused ? 'room-floor-resume' : 'room-floor-pause')}
          </Button>
        ) : null}
        <Button
          icon={Square}
          aria-label={t('room-floor-end-of', { name })}
          onClick={() => send(room, 'floor.end', { speakerId })}
          data-testid={`end-floor-${speakerId}`}
        >
          {t('room-floor-end')}
        </Button>
      </div>
    );
  }
  return (
    <div class="actions">
      {room.can.run ? (
        <Button
          icon={MicVocal}
          aria-label={t('room-floor-grant-to', { name })}
          onClick={() => grantFloor(room, speaker)}
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
