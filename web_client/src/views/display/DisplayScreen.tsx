import { Megaphone, WifiOff } from 'lucide';
import type { VNode } from 'preact';
import { currentLocale, t } from '../../i18n';
import type { Display, Snapshot } from '../../protocol/generated';
import { Icon } from '../../ui';
import { useClock } from '../room/useClock';
import { RecordingBanner } from '../recording/RecordingBanner';
import { FloorScene } from './FloorScene';
import { PollScene } from './PollScene';
import { ResultScene } from './ResultScene';
import { type Scene, sceneOf } from './scene';
import { SeatMap } from './SeatMap';
import { QuorumSide, WaitingSide } from './Side';
import { useFit } from './useFit';

interface ScreenProps {
  snapshot: Snapshot;
  info: Display;
  connected: boolean;
}

/** Everything in letters that are read from the last row. */
export function DisplayScreen({ snapshot, info, connected }: ScreenProps): VNode {
  const now = useClock(true);
  const scene = sceneOf(snapshot, now);
  const [main, side] = [useFit<HTMLElement>(), useFit<HTMLElement>()];
  const { meeting, announcement } = snapshot;
  return (
    <div class="display" data-testid="display" data-scene={scene.kind}>
      <header class="display__header">
        <div>
          <p class="display__organisation">{[info.organisation, info.siteName].filter(Boolean).join(' · ')}</p>
          <h1>{meeting.title}</h1>
        </div>
        {connected ? null : (
          <p class="display__lost" role="alert" data-testid="display-lost">
            <Icon icon={WifiOff} size={40} /> {t('display-lost')}
          </p>
        )}
        <time class="display__clock">{clock(now, meeting.zone)}</time>
      </header>
      <RecordingBanner snapshot={snapshot} />
      {announcement ? (
        <p class="display__announcement" role="status" dir="auto" data-testid="display-announcement">
          <Icon icon={Megaphone} size={40} /> <span>{announcement.text}</span>
        </p>
      ) : null}
      <main ref={main} class="display__main">{draw(scene, snapshot, now)}</main>
      <aside ref={side} class="display__side" aria-label={t('display-side')}>
        <QuorumSide snapshot={snapshot} />
        {scene.kind === 'floor' ? <WaitingSide snapshot={snapshot} /> : null}
        <SeatMap snapshot={snapshot} poll={scene.kind === 'poll' ? scene.poll : null} />
      </aside>
    </div>
  );
}

function draw(scene: Scene, snapshot: Snapshot, now: number): VNode {
  switch (scene.kind) {
    case 'poll':
      return <PollScene poll={scene.poll} now={now} />;
    case 'result':
      return <ResultScene poll={scene.poll} />;
    case 'floor':
      return <FloorScene snapshot={snapshot} now={now} />;
    default:
      return <Waiting snapshot={snapshot} />;
  }
}

function Waiting({ snapshot }: { snapshot: Snapshot }): VNode {
  const { meeting } = snapshot;
  return (
    <div class="scene scene--waiting">
      <p class="scene__large">{t(`state-${meeting.state}`)}</p>
      {meeting.state === 'convened' ? (
        <p class="scene__sub">{t('display-begins', { time: clock(Date.parse(meeting.startsAt), meeting.zone) })}</p>
      ) : null}
      {meeting.place ? <p class="scene__sub">{meeting.place}</p> : null}
    </div>
  );
}

function clock(at: number, zone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  return new Intl.DateTimeFormat(currentLocale().source, options).format(at);
}
