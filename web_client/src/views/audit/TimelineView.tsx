import {
  Ban,
  CalendarDays,
  Download,
  Eye,
  FilePen,
  FileText,
  KeyRound,
  LogIn,
  LogOut,
  Mic,
  PenLine,
  ScanSearch,
  Settings,
  TriangleAlert,
  UserRound,
  Vote,
  Printer,
  History,
  type IconNode,
} from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Timeline, TimelineLine, TimelineSession } from '../../protocol/generated';
import { Badge, EmptyState, Icon } from '../../ui';
import { actText } from './acts';
import { daysOf } from './timelineModel';
import { clockText, detailName, detailText, objectText, timelinePath } from './words';

const ICONS: Readonly<Record<string, IconNode>> = {
  'authentication.logon': LogIn,
  'authentication.stepup': KeyRound,
  'session.logoff': LogOut,
  'paper.view': Eye,
  'paper.download': Download,
  'paper.print': Printer,
  'minutes.sign': PenLine,
  'document.sign': PenLine,
  'minutes.edit': FilePen,
};
const CLASS_ICONS: Readonly<Record<string, IconNode>> = {
  authentication: TriangleAlert,
  authorization: Ban,
  paper: FileText,
  record: FileText,
  document: FileText,
  poll: Vote,
  media: Mic,
  meeting: CalendarDays,
  agenda: CalendarDays,
  item: CalendarDays,
  presence: UserRound,
  person: UserRound,
  role: UserRound,
  audit: ScanSearch,
  system: Settings,
};

/** A timeline, day by day; where one person acts, session by session. */
export function TimelineView({ timeline }: { timeline: Timeline }): VNode {
  const days = daysOf(timeline);
  const named = timeline.kind === 'meeting' || timeline.kind === 'paper';
  if (days.length === 0)
    return (
      <div class="card">
        <EmptyState icon={History} title={t('audit-timeline-empty')} />
      </div>
    );
  return (
    <div class="timeline" data-testid="timeline">
      {days.map(({ day, chapters }) => (
        <section key={day} class="timeline__day card">
          <h2>{day}</h2>
          {chapters.map((chapter) => (
            <div key={`${chapter.session?.id}-${chapter.lines[0]?.row.index}`} class="timeline__chapter">
              {chapter.session ? <SessionHead session={chapter.session} owner={ownerOf(timeline)} linked={timeline.kind !== 'session'} /> : null}
              <ol class="timeline__lines">
                {chapter.lines.map((line) => (
                  <Line key={line.row.index} line={line} about={timeline.id} named={named || line.row.actorId !== ownerOf(timeline)} />
                ))}
              </ol>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function ownerOf(timeline: Timeline): string | null {
  if (timeline.kind === 'person') return timeline.id;
  return timeline.lines[0]?.row.actorId ?? null;
}

interface SessionHeadProps {
  session: TimelineSession;
  /** Whose timeline this is: sessions of others are named. */
  owner: string | null;
  linked: boolean;
}

function SessionHead({ session, owner, linked }: SessionHeadProps): VNode {
  const who = session.personId === owner ? null : session.personName;
  const began = session.beganAt ? t('audit-session-began', { at: clockText(session.beganAt) }) : t('audit-session-unknown');
  const ended = session.endedAt ? t('audit-session-ended', { at: clockText(session.endedAt) }) : null;
  const where = session.address ? t('audit-session-from', { address: session.address }) : null;
  const how = session.factor ? detailText('factor', session.factor, {}) : null;
  const text = [who, began, where, how, ended].filter(Boolean).join(' · ');
  return (
    <h3 class="timeline__session" data-testid="timeline-session">
      <Icon icon={LogIn} size={16} directional />
      {linked ? <a href={`/audit/session/${session.id}`}>{text}</a> : <span>{text}</span>}
    </h3>
  );
}

const SHOWN_ELSEWHERE: readonly string[] = ['title', 'address', 'factor', 'person', 'count', 'sha256', 'source', 'endpoint'];

function Line({ line, about, named }: { line: TimelineLine; about: string; named: boolean }): VNode {
  const { row, count, untilAt } = line;
  const icon = ICONS[row.action] ?? CLASS_ICONS[row.action.split('.')[0] ?? ''] ?? FileText;
  const object = row.objectId?.split(':')[0] === about ? null : objectText(row);
  const path = timelinePath(row.objectType, row.objectId);
  const facts = Object.entries(row.details).filter(
    ([key, value]) => value !== null && !SHOWN_ELSEWHERE.includes(key) && !key.startsWith('q_'),
  );
  const person = row.details['person'];
  const whom = typeof person === 'string' && person !== row.actorId ? (row.names[person] ?? null) : null;
  return (
    <li class={`timeline__line timeline__line--${row.outcome}`} data-testid="timeline-line" data-action={row.action}>
      <time class="timeline__time" dateTime={row.at}>
        {clockText(row.at)}
      </time>
      <span class="timeline__icon">
        <Icon icon={icon} size={16} />
      </span>
      <div class="timeline__what">
        {named ? (
          <a class="timeline__who" href={row.actorId ? `/audit/person/${row.actorId}` : '/audit'}>
            {row.actorName ?? row.actorId ?? t('audit-system')}
          </a>
        ) : null}
        <span class="timeline__act">{actText(row.action)}</span>
        {whom ? <span>{whom}</span> : null}
        {object ? path ? <a href={path}>{object}</a> : <span>{object}</span> : null}
        {row.outcome === 'success' || row.action === 'authorization.denied' ? null : (
          <Badge tone={row.outcome === 'denied' ? 'danger' : 'warning'}>{t(`audit-outcome-${row.outcome}`)}</Badge>
        )}
        {count > 1 ? <Badge>{t('audit-times', { count, at: clockText(untilAt) })}</Badge> : null}
        {facts.length > 0 ? (
          <span class="timeline__facts">
            {facts.map(([key, value]) => `${detailName(key)}: ${detailText(key, value, row.names)}`).join(' · ')}
          </span>
        ) : null}
      </div>
    </li>
  );
}
