import { ArrowRight, CircleAlert, CircleCheck, Lightbulb, Stamp } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AgendaChanges, Checklist, Finding, Snapshot } from '../../protocol/generated';
import { Button, Card, ErrorBanner, Icon, Loading, notify, useAction, useLoad } from '../../ui';
import type { DeskActions } from './actions';
import { ChangeList, isSame } from './ChangeList';
import { currentVersion } from './standing';
import type { UploadQueue } from './uploads';

export interface PreparationProps {
  snapshot: Snapshot;
  primary: boolean;
  actions: DeskActions;
  uploads: UploadQueue;
  /** Leads to the place where something is mended. */
  onFix: (finding: Finding) => void;
}

interface State {
  checklist: Checklist;
  changes: AgendaChanges;
}

/** What is missing before the meeting can be convened, what changed since it was, and the button that convenes it. */
export function Preparation({ snapshot, primary, actions, uploads, onFix }: PreparationProps): VNode {
  const { id, zone } = snapshot.meeting;
  const { data, error, reload } = useLoad((signal) => load(id, signal), id);
  const busy = uploads.jobs.value.filter(({ state }) => state !== 'failed').length;
  const checked = useRef(`${snapshot.revision}/${busy}`);
  useEffect(() => {
    const now = `${snapshot.revision}/${busy}`;
    if (checked.current !== now) void reload();
    checked.current = now;
  }, [snapshot.revision, busy, reload]);
  const version = currentVersion(snapshot);
  const same = version !== undefined && data !== null && isSame(data.changes);
  return (
    <Card title={t(version ? 'checklist-title-again' : 'checklist-title')} data-testid="preparation">
      <div class="stack">
        <ErrorBanner error={error} onRetry={() => void reload()} />
        {data ? (
          <>
            {version ? <Since number={version.number} changes={data.changes} zone={zone} /> : null}
            {same ? null : <Findings checklist={data.checklist} snapshot={snapshot} first={!version} onFix={onFix} />}
          </>
        ) : error ? null : (
          <Loading />
        )}
        {same ? null : (
          <Convene
            ready={data?.checklist.blocking.length === 0}
            again={version !== undefined}
            primary={primary}
            onConvene={actions.convene}
          />
        )}
      </div>
    </Card>
  );
}

async function load(id: string, signal: AbortSignal): Promise<State> {
  const [checklist, changes] = await Promise.all([
    api.get<Checklist>(`/meetings/${id}/checklist`, signal),
    api.get<AgendaChanges>(`/meetings/${id}/agenda-changes`, signal),
  ]);
  return { checklist, changes };
}

function Since({ number, changes, zone }: { number: number; changes: AgendaChanges; zone: string }): VNode {
  if (isSame(changes))
    return (
      <p class="checklist__line checklist__line--ready">
        <Icon icon={CircleCheck} />
        <span>{t('change-none-since', { number })}</span>
      </p>
    );
  return (
    <div data-testid="changed-since" class="stack">
      <p>
        <strong>{t('change-since', { number })}</strong>
      </p>
      <ChangeList changes={changes} zone={zone} />
      <p class="muted">{t('desk-convene-again-text', { number })}</p>
    </div>
  );
}

interface FindingsProps {
  checklist: Checklist;
  snapshot: Snapshot;
  first: boolean;
  onFix: (finding: Finding) => void;
}

function Findings({ checklist, snapshot, first, onFix }: FindingsProps): VNode {
  const { blocking, advice } = checklist;
  return (
    <>
      {blocking.length > 0 ? (
        <>
          <p>{t('checklist-missing')}</p>
          <FindingList findings={blocking} snapshot={snapshot} onFix={onFix} testId="checklist-missing" />
        </>
      ) : first ? (
        <p class="checklist__line checklist__line--ready" data-testid="checklist-ready">
          <Icon icon={CircleCheck} />
          <span>{t('checklist-ready')}</span>
        </p>
      ) : null}
      {advice.length > 0 ? (
        <>
          <p>{t('checklist-advice')}</p>
          <FindingList findings={advice} snapshot={snapshot} onFix={onFix} testId="checklist-advice" />
        </>
      ) : null}
    </>
  );
}

interface FindingListProps {
  findings: Finding[];
  snapshot: Snapshot;
  onFix: (finding: Finding) => void;
  testId: 'checklist-advice' | 'checklist-missing';
}

function FindingList({ findings, snapshot, onFix, testId }: FindingListProps): VNode {
  const blocks = testId === 'checklist-missing';
  return (
    <ul class="checklist" data-testid={testId}>
      {findings.map((finding) => (
        <li key={`${finding.code}/${finding.itemId}/${finding.personId}`}>
          <button
            type="button"
            class={blocks ? 'checklist__line checklist__line--blocks' : 'checklist__line'}
            onClick={() => onFix(finding)}
            data-testid={`fix-${finding.code}`}
          >
            <Icon icon={blocks ? CircleAlert : Lightbulb} />
            <span>{findingText(finding, snapshot)}</span>
            <Icon icon={ArrowRight} size={18} directional />
          </button>
        </li>
      ))}
    </ul>
  );
}

function findingText(finding: Finding, snapshot: Snapshot): string {
  const id = `finding-${finding.code.replaceAll('_', '-')}`;
  if (!hasText(id)) return t('missing-other', { key: finding.code });
  const item = snapshot.items.find((one) => one.id === finding.itemId);
  const person = snapshot.participants.find((one) => one.personId === finding.personId);
  const title = item?.hidden ? t('agenda-hidden') : (item?.title ?? '');
  return t(id, { title, number: item?.position ?? 0, name: person?.name ?? '', count: finding.count });
}

interface ConveneProps {
  ready: boolean;
  again: boolean;
  primary: boolean;
  onConvene: DeskActions['convene'];
}

function Convene({ ready, again, primary, onConvene }: ConveneProps): VNode {
  const { busy, error, run } = useAction();

  function convene(): Promise<boolean> {
    return run(async () => {
      const version = await onConvene();
      notify(t('desk-convened', { number: version.number }));
    });
  }

  return (
    <>
      <ErrorBanner error={error} />
      <Button
        kind={primary ? 'primary' : 'secondary'}
        large={primary}
        wide
        icon={Stamp}
        busy={busy}
        disabled={!ready}
        onClick={() => void convene()}
        data-testid="convene"
      >
        {t(again ? 'desk-convene-again' : 'desk-convene')}
      </Button>
    </>
  );
}
