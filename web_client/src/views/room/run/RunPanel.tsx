import { ListChecks, Megaphone, MicVocal, MonitorUp, SkipForward, Vote } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../../../i18n';
import type { AgendaItem } from '../../../protocol/generated';
import { currentItem, currentSpeaker, participant, waitingSpeakers } from '../../../state/viewModels';
import { Button, buttonClass, Icon, notify } from '../../../ui';
import { ConcludeDialog } from '../../desk/ConcludeDialog';
import type { PanelTab, RoomView } from '../model';
import { grantFloor, SpeakingTime } from '../speakingTime';
import { AnnounceForm } from './AnnounceForm';
import { ItemTimer } from './ItemTimer';
import { RollCallSheet } from './RollCallSheet';
import './run.css';

interface RunProps {
  room: RoomView;
  onTab: (tab: PanelTab) => void;
}

/** What who runs the meeting does next, in one place. The chair's is the secretary's with fewer actions. */
export function RunPanel({ room, onTab }: RunProps): VNode {
  const secretary = room.snapshot.myRole === 'secretary';
  return (
    <div class="run">
      <ItemStep room={room} />
      <FloorStep room={room} onTab={onTab} />
      <Button icon={Vote} wide onClick={() => onTab('poll')} data-testid="run-poll">
        {t('run-poll')}
      </Button>
      {secretary ? <Attendance room={room} /> : null}
      {secretary ? <Announcement room={room} /> : null}
      <a
        class={buttonClass('quiet', false, true)}
        href={`/display/${room.snapshot.meeting.id}`}
        target="_blank"
        rel="noopener"
        data-testid="run-display"
      >
        <Icon icon={MonitorUp} /> {t('run-display')}
      </a>
    </div>
  );
}

function ItemStep({ room }: { room: RoomView }): VNode {
  const [concluding, setConcluding] = useState<AgendaItem | null>(null);
  const { items, meeting } = room.snapshot;
  const item = currentItem(room.snapshot);
  const following = items.find((one) => one.state === 'pending' && !one.hidden);
  const takeUp = (next: AgendaItem) => room.meeting.request('item.state', { itemId: next.id, to: 'under_discussion' });
  const running = meeting.state === 'in_session';
  return (
    <section class="run__step" aria-label={t('run-item')}>
      <h3>{t('run-item')}</h3>
      {item ? (
        <>
          <p>{t('room-current-item', { position: item.position, title: item.title })}</p>
          <ItemTimer item={item} />
        </>
      ) : (
        <p class="run__quiet">{t('run-no-item')}</p>
      )}
      {running && (item ?? following) ? (
        <Button
          kind="primary"
          icon={SkipForward}
          wide
          onClick={() => (item ? setConcluding(item) : following && takeUp(following).catch(say))}
          data-testid="run-next"
        >
          {nextText(item, following)}
        </Button>
      ) : null}
      {concluding ? (
        <ConcludeDialog
          item={concluding}
          state={meeting.state}
          onConclude={async (to, outcome) => {
            await room.meeting.request('item.state', { itemId: concluding.id, to, outcome });
            if (following && to !== 'pending') await takeUp(following);
          }}
          onClose={() => setConcluding(null)}
        />
      ) : null}
    </section>
  );
}

function nextText(item: AgendaItem | undefined, following: AgendaItem | undefined): string {
  if (!following) return t('run-conclude');
  const next = { position: following.position, title: following.title };
  return item ? t('run-conclude-next', next) : t('run-take-up', next);
}

function FloorStep({ room, onTab }: RunProps): VNode {
  const speaker = currentSpeaker(room.snapshot);
  const [next] = waitingSpeakers(room.snapshot);
  const name = (personId: string) => participant(room.snapshot, personId)?.name ?? '';
  return (
    <section class="run__step" aria-label={t('room-floor')}>
      <h3>{t('room-floor')}</h3>
      {speaker ? (
        <p class="run__line">
          <strong>{name(speaker.personId)}</strong> <SpeakingTime speaker={speaker} />
        </p>
      ) : (
        <p class="run__quiet">{t('room-floor-free')}</p>
      )}
      {next ? (
        <Button icon={MicVocal} wide onClick={() => grantFloor(room, next)} data-testid="run-grant">
          {t('room-floor-grant-to', { name: name(next.personId) })}
        </Button>
      ) : null}
      <Button kind="quiet" wide onClick={() => onTab('floor')}>
        {t('run-floor')}
      </Button>
    </section>
  );
}

function Attendance({ room }: { room: RoomView }): VNode {
  const [open, setOpen] = useState(false);
  const { present, total, required, met } = room.snapshot.quorum;
  return (
    <section class="run__step" aria-label={t('run-attendance')}>
      <h3>{t('run-attendance')}</h3>
      <label class={met ? 'run__quorum' : 'run__quorum run__quorum--missing'}>
        {t('room-quorum-figures', { present, entitled: total, required })}
        <meter min={0} max={Math.max(total, 1)} low={required} optimum={total} value={present} />
      </label>
      <Button icon={ListChecks} wide onClick={() => setOpen(true)} data-testid="roll-call">
        {t('run-roll-call')}
      </Button>
      {open ? <RollCallSheet room={room} onClose={() => setOpen(false)} /> : null}
    </section>
  );
}

function Announcement({ room }: { room: RoomView }): VNode {
  const { announcement } = room.snapshot;
  const withdraw = () => room.meeting.request('announce.withdraw', {}).catch(say);
  return (
    <section class="run__step" aria-label={t('run-announcement')}>
      <h3>{t('run-announcement')}</h3>
      {announcement ? (
        <>
          <p class="run__said" dir="auto">
            <Icon icon={Megaphone} size={18} /> {announcement.text}
          </p>
          <Button kind="quiet" wide onClick={() => void withdraw()} data-testid="announce-withdraw">
            {t('run-withdraw')}
          </Button>
        </>
      ) : null}
      <AnnounceForm room={room} />
    </section>
  );
}

function say(error: unknown): void {
  notify(errorText(error));
}
