import { Building2 } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { useTable } from '../../state/table';
import { openPoll } from '../../state/viewModels';
import { announce, Icon, LiveRegion, useWindowTitle } from '../../ui';
import { AgendaRail } from './AgendaRail';
import { AnnouncementBanner } from './AnnouncementBanner';
import { BottomBar } from './BottomBar';
import { ConnectionBanner } from './ConnectionBanner';
import { toggleLayout } from './layout';
import { FloorBanner } from './FloorBanner';
import type { PanelTab, RoomView } from './model';
import { ModeratedBanner } from './ModeratedBanner';
import type { Reading } from '../paper/reading';
import { RecordingBanner } from '../recording/RecordingBanner';
import { Panel } from './Panel';
import { stagePaper } from './presenting/presented';
import { PresentingNotice } from './presenting/PresentingNotice';
import './room.css';
import { RoomHeader } from './RoomHeader';
import { RoomSound } from './RoomSound';
import { SettingsDialog } from './SettingsDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import { useShortcuts } from './shortcuts';
import { closeSmallWindow, updateSmallWindow } from './smallWindow';
import { Stage } from './Stage';
import { useChatNews } from './chat/useChatNews';
import { useAnnouncements } from './useAnnouncements';
import { useDeviceNotices } from './useDeviceNotices';
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
  const [dialog, setDialog] = useState<'help' | 'settings' | null>(null);
  const poll = openPoll(room.snapshot)?.id;
  const table = useTable(room.meeting, room.personId);
  const { presenting } = table;
  const onStage = stagePaper(room, presenting, paper);

  const { title } = room.snapshot.meeting;
  useWindowTitle(title);
  useAnnouncements(room);
  useEffect(() => {
    if (poll !== undefined) setTab('poll');
  }, [poll]);
  useShortcuts(room, {
    open: (wanted) => setTab((now) => (now === wanted ? null : wanted)),
    panel: () => setTab((now) => (now ? null : 'people')),
    layout: () => announce(t(`room-layout-${toggleLayout()}`)),
    help: () => setDialog('help'),
  });
  useChatNews(room, table.chat, tab === 'chat');
  useDeviceNotices(room.session.microphone, 'microphone');
  useDeviceNotices(room.session.camera, 'camera');
  useEffect(() => updateSmallWindow(room));
  useEffect(() => closeSmallWindow, []);

  const openPaper = (chosen: Reading | null) => {
    if (presenting.presented.value && !presenting.mine) presenting.detach();
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
        <RecordingBanner snapshot={room.snapshot} />
        <ConnectionBanner room={room} />
        <ModeratedBanner room={room} />
        <FloorBanner room={room} />
        {room.hall ? (
          <p class="room__hall" data-testid="in-hall">
            <Icon icon={Building2} size={18} /> {t('room-in-hall', { hall: room.hall.name })}
          </p>
        ) : null}
        <RoomSound session={room.session} />
        <AnnouncementBanner room={room} />
        {onStage === null || onStage === 'withheld' ? <PresentingNotice room={room} presenting={presenting} /> : null}
      </div>
      {wide ? (
        <div class="room__rail">
          <AgendaRail room={room} onPaper={openPaper} />
        </div>
      ) : null}
      <Stage
        room={room}
        table={table}
        paper={onStage}
        onClosePaper={() => setPaper(null)}
        onKeepPaper={setPaper}
      />
      {tab ? (
        <aside class="room__panel" aria-label={t('room-panel')}>
          <Panel
            room={room}
            table={table}
            tab={tab}
            agenda={!wide}
            onTab={setTab}
            onClose={() => setTab(null)}
            onPaper={openPaper}
          />
        </aside>
      ) : null}
      <BottomBar
        room={room}
        panelOpen={tab !== null}
        onPanel={() => setTab(tab ? null : 'people')}
        onSettings={() => setDialog('settings')}
        onHelp={() => setDialog('help')}
        onLeave={onLeave}
      />
      {dialog === 'help' ? <ShortcutsDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'settings' ? (
        <SettingsDialog room={room} onHelp={() => setDialog('help')} onClose={() => setDialog(null)} />
      ) : null}
      <LiveRegion />
    </div>
  );
}
