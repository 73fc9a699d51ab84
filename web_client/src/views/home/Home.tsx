import { CalendarDays, Plus } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatDate, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Created, Me, MeetingList, MeetingSummary, NewMeeting, OrgRole } from '../../protocol/generated';
import { navigate } from '../../router';
import { me, serverNow } from '../../state/session';
import { Button, EmptyState, ErrorBanner, Loading, Page, PageHeading, useLoad } from '../../ui';
import { MeetingDialog } from '../desk/MeetingDialog';
import { HallHome } from '../hall/HallHome';
import { arrange, endOfDay, waitingTasks } from './arrange';
import { Hero } from './Hero';
import './home.css';
import { MeetingLines } from './MeetingLines';
import { WaitingList } from './WaitingList';

const HAS_MEETINGS: ReadonlySet<OrgRole> = new Set(['member', 'secretary', 'room']);

async function create(body: NewMeeting): Promise<void> {
  const { id } = await api.post<Created>('/meetings', body);
  navigate(`/meetings/${id}`);
}

/** Where somebody without meetings has to be; undefined for everybody else. */
function placeOf({ roles }: Me): string | undefined {
  if (roles.some((role) => HAS_MEETINGS.has(role))) return undefined;
  if (roles.includes('security_officer')) return '/audit';
  return roles.includes('administrator') ? '/admin' : undefined;
}

/** The start page. Officers and administrators have one place to be, and it leads there. */
export default function Home(): VNode | null {
  const person = me.value;
  const place = person ? placeOf(person) : undefined;
  useEffect(() => {
    if (place) navigate(place, { replace: true });
  }, [place]);
  if (person?.roles.includes('room')) return <HallHome />;
  return person && !place ? <Meetings person={person} /> : null;
}

/** The reader's meetings: the one in session first, then what waits for the reader, then the rest. */
function Meetings({ person }: { person: Me }): VNode {
  const { data, error, reload } = useLoad((signal) => api.get<MeetingList>('/meetings', signal), 'meetings');
  const [creating, setCreating] = useState(false);

  return (
    <Page title={t('home-title')}>
      <ErrorBanner error={error} onRetry={() => void reload()} />
      {data ? (
        <HomeView person={person} meetings={data.meetings} now={serverNow()} onNew={() => setCreating(true)} />
      ) : error ? null : (
        <Loading />
      )}
      {creating ? <MeetingDialog onSubmit={create} onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

export interface HomeViewProps {
  person: Me;
  meetings: MeetingSummary[];
  now: number;
  onNew: () => void;
}

export function HomeView({ person, meetings, now, onNew }: HomeViewProps): VNode {
  const { inSession, today, coming, earlier } = arrange(meetings, endOfDay(now));
  const tasks = waitingTasks(meetings);
  const canCreate = person.roles.includes('secretary');
  const [live, ...otherLive] = inSession;
  const featured = live ?? today[0];
  const rest = today.filter((meeting) => meeting !== featured);

  return (
    <div class="home">
      <PageHeading
        title={t('home-greeting', { name: person.name })}
        meta={<span>{formatDate(new Date(now))}</span>}
        actions={
          canCreate ? (
            <Button kind={live ? 'secondary' : 'primary'} icon={Plus} onClick={onNew} data-testid="new-meeting">
              {t('home-new')}
            </Button>
          ) : null
        }
      />
      {featured ? <Hero meeting={featured} /> : null}
      <WaitingList tasks={tasks} />
      <MeetingLines title={t('home-in-session')} meetings={otherLive} joinable />
      <MeetingLines title={t('home-today')} meetings={rest} hoursOnly />
      <MeetingLines title={t('home-coming')} meetings={coming} />
      {meetings.length === 0 ? (
        <div class="card">
          <EmptyState icon={CalendarDays} title={t('home-none')}>
            <p>{t('home-none-text')}</p>
          </EmptyState>
        </div>
      ) : null}
      <MeetingLines title={t('home-earlier')} meetings={earlier} />
    </div>
  );
}
