import { CircleStop, Gavel, Pause, Play } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { MeetingState, Snapshot } from '../../protocol/generated';
import { Banner, Button, ConfirmDialog, ErrorBanner, useAction } from '../../ui';
import type { DeskActions } from './actions';
import { isLive, undecided } from './standing';

export interface LifecycleProps {
  snapshot: Snapshot;
  /** Draws the button that opens the meeting, where it is not the page's primary one. */
  showOpen: boolean;
  actions: DeskActions;
}

/** Takes the meeting from state to state. */
export function Lifecycle({ snapshot, showOpen, actions }: LifecycleProps): VNode | null {
  const [asking, setAsking] = useState(false);
  const { busy, error, run } = useAction();
  const { state } = snapshot.meeting;
  if (!isLive(state) && !(state === 'convened' && showOpen)) return null;
  const go = (to: MeetingState) => void run(() => actions.transition(to));

  return (
    <>
      <ErrorBanner error={error} />
      <div class="actions">
        {state === 'convened' && showOpen ? (
          <Button icon={Gavel} busy={busy} onClick={() => go('in_session')} data-testid="open-meeting">
            {t('desk-open')}
          </Button>
        ) : null}
        {state === 'in_session' ? (
          <Button icon={Pause} busy={busy} onClick={() => go('suspended')} data-testid="suspend">
            {t('desk-suspend')}
          </Button>
        ) : null}
        {state === 'suspended' ? (
          <Button icon={Play} busy={busy} onClick={() => go('in_session')} data-testid="resume">
            {t('desk-resume')}
          </Button>
        ) : null}
        {isLive(state) ? (
          <Button kind="danger" icon={CircleStop} onClick={() => setAsking(true)} data-testid="adjourn">
            {t('desk-adjourn')}
          </Button>
        ) : null}
      </div>
      {asking ? (
        <AdjournDialog
          open={undecided(snapshot.items).length}
          onConfirm={() => actions.transition('adjourned')}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

interface AdjournDialogProps {
  /** How many items have no conclusion yet. */
  open: number;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

function AdjournDialog({ open, onConfirm, onClose }: AdjournDialogProps): VNode {
  return (
    <ConfirmDialog
      title={t('desk-adjourn')}
      confirm={t('desk-adjourn')}
      danger
      onConfirm={onConfirm}
      onClose={onClose}
      data-testid="adjourn-confirm"
    >
      {open > 0 ? (
        <Banner tone="warning">
          <p>{t('desk-adjourn-undecided', { count: open })}</p>
        </Banner>
      ) : null}
      <p>{t('desk-adjourn-question')}</p>
    </ConfirmDialog>
  );
}
