import { Ban, Pencil, Play, Repeat, Square, TimerReset, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../../i18n';
import type { Poll } from '../../../protocol/generated';
import { openPoll } from '../../../state/viewModels';
import { Button, ConfirmDialog, ErrorBanner, Select, useAction } from '../../../ui';
import type { RoomView } from '../model';
import { NewPoll } from '../NewPoll';
import { AnnulDialog } from './AnnulDialog';

const TIMES: readonly number[] = [0, 60, 120, 180, 300, 600];
const MORE_SECONDS = 60;

interface ControlsProps {
  room: RoomView;
  poll: Poll;
}

/** What can be done with a poll in its state: open, change and delete a draft; extend, close or annul; repeat. */
export function PollControls({ room, poll }: ControlsProps): VNode | null {
  switch (poll.state) {
    case 'draft':
      return <Draft room={room} poll={poll} />;
    case 'open':
      return <Open room={room} poll={poll} />;
    default:
      return <Ended room={room} poll={poll} />;
  }
}

function Draft({ room, poll }: ControlsProps): VNode {
  const action = useAction();
  const [seconds, setSeconds] = useState(0);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const body = { pollId: poll.id, seconds: seconds || null };
  if (editing) return <NewPoll room={room} poll={poll} onDone={() => setEditing(false)} />;
  return (
    <div class="poll__controls">
      <ErrorBanner error={action.error} />
      <Select
        label={t('room-poll-time')}
        value={String(seconds)}
        options={TIMES.map((one) => ({
          value: String(one),
          text: one === 0 ? t('room-floor-time-none') : t('room-floor-minutes', { minutes: one / 60 }),
        }))}
        onValue={(value) => setSeconds(Number(value))}
        data-testid="poll-seconds"
      />
      <Button
        kind="primary"
        icon={Play}
        busy={action.busy}
        onClick={() => void action.run(() => room.meeting.request('poll.open', body))}
        data-testid="poll-open"
      >
        {t('room-poll-do-open')}
      </Button>
      <Button kind="quiet" icon={Pencil} onClick={() => setEditing(true)} data-testid="poll-edit">
        {t('room-poll-edit')}
      </Button>
      <Button kind="quiet" icon={Trash2} onClick={() => setDeleting(true)} data-testid="poll-delete">
        {t('room-poll-delete')}
      </Button>
      {deleting ? (
        <ConfirmDialog
          title={t('room-poll-delete-title', { title: poll.title })}
          confirm={t('room-poll-delete')}
          danger
          onConfirm={() => room.meeting.request('poll.delete', { pollId: poll.id })}
          onClose={() => setDeleting(false)}
          data-testid="poll-delete-confirm"
        >
          <p>{t('room-poll-delete-text')}</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

function Open({ room, poll }: ControlsProps): VNode {
  const action = useAction();
  const [annulling, setAnnulling] = useState(false);
  const pollId = poll.id;
  return (
    <div class="poll__controls">
      {annulling ? null : <ErrorBanner error={action.error} />}
      <Button
        icon={Square}
        busy={action.busy}
        onClick={() => void action.run(() => room.meeting.request('poll.close', { pollId }))}
        data-testid="poll-close"
      >
        {t('room-poll-do-close')}
      </Button>
      <Button
        kind="quiet"
        icon={TimerReset}
        onClick={() => void action.run(() => room.meeting.request('poll.extend', { pollId, seconds: MORE_SECONDS }))}
        data-testid="poll-extend"
      >
        {t('room-poll-extend')}
      </Button>
      <Button kind="quiet" icon={Ban} onClick={() => setAnnulling(true)} data-testid="poll-annul">
        {t('room-poll-annul')}
      </Button>
      {annulling ? <AnnulDialog room={room} poll={poll} onClose={() => setAnnulling(false)} /> : null}
    </div>
  );
}

function Ended({ room, poll }: ControlsProps): VNode | null {
  const action = useAction();
  const { snapshot } = room;
  const live = snapshot.meeting.state === 'in_session' || snapshot.meeting.state === 'suspended';
  const repeated = snapshot.polls.some((one) => one.recastOf === poll.id);
  if (!live || repeated || openPoll(snapshot)) return null;
  return (
    <div class="poll__controls">
      <ErrorBanner error={action.error} />
      <Button
        kind="quiet"
        icon={Repeat}
        busy={action.busy}
        onClick={() => void action.run(() => room.meeting.request('poll.recast', { pollId: poll.id }))}
        data-testid="poll-recast"
      >
        {t('room-poll-recast')}
      </Button>
    </div>
  );
}
