import { Building2 } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { openPoll } from '../../state/viewModels';
import { Icon, LiveRegion, useWindowTitle } from '../../ui';
import { AgendaRail } from './AgendaRail';
import { BottomBar } from './BottomBar';
import { ConnectionBanner } from './ConnectionBanner';
import { FloorBanner } from './FloorBanner';
import type { PanelTab, RoomView } from './model';
import type { Reading } from '../paper/reading';
import { Panel } from './Panel';
import './room.css';
import { RoomHeader } from './RoomHeader';
import { RoomSound } from './RoomSound';
import { ShortcutsDialog } from './ShortcutsDialog';
import { useShortcuts } from './shortcuts';
import { Stage } from './Stage';
import { useAnnouncements } from './useAnnouncements';
import { useWideScreen } from './useWideScreen';

interface RoomProps {
  room: RoomView;
  onLeave: () => void;
}

/** The room: agenda, stage, panel, and the bar whose buttons never move. */
export function Room({ room, onLeave }: RoomProps): VNode {
  const wide = useWideScreen('75rem');
  const roomy = useWideScreen('60rem');
  const vast = useWideScreen('100rem');
  const [tab, setTab] = useState<PanelTab | null>(roomy ? 'people' : null);
  const [paper, setPaper] = useState<Reading | null>(null);
  const [help, setHelp] = useState(false);
  const poll = openPoll(room.snapshot)?.id;

  const { title } = room.snapshot.meeting;
  useWindowTitle(title);
  useAnnouncements(room);
  useEffect(() => {
    if (poll !== undefined) setTab('poll');
  }, [poll]);
  useShortcuts(room, {
    panel: () => setTab((now) => (now ? null : 'people')),
    poll: () => setTab('poll'),
    help: () => setHelp(true),
  });

  const openPaper = (chosen: Reading | null) => {
    setPaper(chosen);
    if (chosen && !vast) setTab(null); // what is read needs the width
  };
  return (
    <div class={tab ? 'room room--panel' : 'room'}>
      <a class="page__skip" href="#stage">
        {t('room-skip')}
      </a>
      <RoomHeader room={room} />
      <div class="room__notices">
        <ConnectionBanner room={room} />
        <FloorBanner room={room} />
        {room.hall ? (
          <p class="room__hall" data-testid="in-hall">
            <Icon icon={Building2} size={18} /> {t('room-in-hall', { hall: room.hall.name })}
          </p>
        ) : null}
        <RoomSound session={room.session} />
      </div>
      {wide ? (
        <div class="room__rail">
          <AgendaRail room={room} onPaper={openPaper} />
        </div>
      ) : null}
      <Stage room={room} paper={paper} onClosePaper={() => setPaper(null)} />
      {tab ? (
        <aside class="room__panel" aria-label={t('room-panel')}>
          <Panel room={room} tab={tab} agenda={!wide} onTab={setTab} onClose={() => setTab(null)} onPaper={openPaper} />
        </aside>
      ) : null}
      <BottomBar
        room={room}
        panelOpen={tab !== null}
        onPanel={() => setTab(tab ? null : 'people')}
        onHelp={() => setHelp(true)}
        onLeave={onLeave}
      />
      {help ? <ShortcutsDialog onClose={() => setHelp(false)} /> : null}
      <LiveRegion />
    </div>
  );
}
