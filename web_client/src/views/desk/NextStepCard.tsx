import { Archive, CheckCheck, Gavel, NotebookPen, Video } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { AgendaVersion, Me, Snapshot } from '../../protocol/generated';
import { Button, buttonClass, Card, ErrorBanner, Icon, notify, useAction } from '../../ui';
import type { DeskActions } from './actions';
import { LoadedChanges } from './ChangeList';
import { Lifecycle } from './Lifecycle';
import { lastAcknowledged, type NextStep, type Standing } from './standing';

export interface NextStepCardProps {
  snapshot: Snapshot;
  standing: Standing;
  step: NextStep;
  person: Me;
  actions: DeskActions;
}

/** The page's one primary action, and what else the reader's role can do with the meeting as a whole. */
export function NextStepCard({ snapshot, standing, step, person, actions }: NextStepCardProps): VNode | null {
  const { meeting } = snapshot;
  const { join, run, minutes, toAcknowledge } = standing;
  if (!join && !minutes && !toAcknowledge && step === null) return null;
  if (step === 'convene') return null;
  const acknowledge = toAcknowledge ? (
    <Acknowledge
      snapshot={snapshot}
      personId={person.personId}
      version={toAcknowledge}
      primary={step === 'acknowledge'}
      onAcknowledge={actions.acknowledge}
    />
  ) : null;
  return (
    <Card class="next-step">
      <div class="stack">
        {step === 'join' ? null : acknowledge}
        {step === 'open' ? <Open actions={actions} /> : null}
        {step === 'archive' ? <ArchiveButton actions={actions} /> : null}
        {join ? (
          <a
            class={buttonClass(step === 'join' ? 'primary' : 'secondary', step === 'join', true)}
            href={`/meetings/${meeting.id}/room`}
            data-testid="join-room"
          >
            <Icon icon={Video} />
            {t(step === 'join' ? 'desk-join' : 'desk-enter-early')}
          </a>
        ) : null}
        {step === 'join' ? acknowledge : null}
        {minutes ? (
          <a
            class={buttonClass(step === 'minutes' ? 'primary' : 'secondary', step === 'minutes', true)}
            href={`/meetings/${meeting.id}/minutes`}
            data-testid="open-minutes"
          >
            <Icon icon={NotebookPen} />
            {t(run && meeting.state === 'adjourned' ? 'desk-write-minutes' : 'desk-minutes')}
          </a>
        ) : null}
        {run ? <Lifecycle snapshot={snapshot} showOpen={step !== 'open'} actions={actions} /> : null}
      </div>
    </Card>
  );
}

interface AcknowledgeProps {
  snapshot: Snapshot;
  personId: string;
  version: AgendaVersion;
  primary: boolean;
  onAcknowledge: (version: number) => Promise<void>;
}

function Acknowledge({ snapshot, personId, version, primary, onAcknowledge }: AcknowledgeProps): VNode {
  const { busy, error, run } = useAction();
  const { number } = version;

  async function acknowledge(): Promise<void> {
    if (await run(() => onAcknowledge(number))) notify(t('version-mine', { number }));
  }

  return (
    <>
      <p>{t(number === 1 ? 'version-acknowledge-text' : 'version-acknowledge-again', { number })}</p>
      {number > 1 ? <News snapshot={snapshot} personId={personId} number={number} /> : null}
      <ErrorBanner error={error} />
      <Button
        kind={primary ? 'primary' : 'secondary'}
        large={primary}
        wide
        icon={CheckCheck}
        busy={busy}
        onClick={() => void acknowledge()}
        data-testid="acknowledge"
      >
        {t('version-acknowledge')}
      </Button>
    </>
  );
}

/** What changed since the reader last acknowledged a version; for who never did, since the one before. */
function News({ snapshot, personId, number }: { snapshot: Snapshot; personId: string; number: number }): VNode {
  const since = lastAcknowledged(snapshot, personId) ?? number - 1;
  const { id, zone } = snapshot.meeting;
  return (
    <div class="stack" data-testid="news">
      <strong>{t('change-since', { number: since })}</strong>
      <LoadedChanges path={`/meetings/${id}/agenda/${number}/changes?since=${since}`} zone={zone} />
    </div>
  );
}

function Open({ actions }: { actions: DeskActions }): VNode {
  const { busy, error, run } = useAction();
  return (
    <>
      <ErrorBanner error={error} />
      <Button
        kind="primary"
        large
        wide
        icon={Gavel}
        busy={busy}
        onClick={() => void run(() => actions.transition('in_session'))}
        data-testid="open-meeting"
      >
        {t('desk-open')}
      </Button>
    </>
  );
}

function ArchiveButton({ actions }: { actions: DeskActions }): VNode {
  const { busy, error, run } = useAction();
  return (
    <>
      <p>{t('desk-archive-text')}</p>
      <ErrorBanner error={error} />
      <Button
        kind="primary"
        large
        wide
        icon={Archive}
        busy={busy}
        onClick={() => void run(() => actions.transition('archived'))}
        data-testid="archive"
      >
        {t('desk-archive')}
      </Button>
    </>
  );
}
