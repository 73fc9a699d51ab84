import { X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { openPoll, waitingSpeakers } from '../../state/viewModels';
import { Badge, IconButton, type Tab, Tabs } from '../../ui';
import type { Table } from '../../state/table';
import { AgendaRail } from './AgendaRail';
import { ChatPanel } from './chat/ChatPanel';
import { FloorPanel } from './FloorPanel';
import type { PanelTab, RoomView } from './model';
import type { Reading } from '../paper/reading';
import { PapersPanel } from './PapersPanel';
import { PeoplePanel } from './PeoplePanel';
import { PollPanel } from './PollPanel';
import { RunPanel } from './run/RunPanel';

interface PanelProps {
  room: RoomView;
  table: Table;
  tab: PanelTab;
  /** The agenda is a tab where it has no column of its own. */
  agenda: boolean;
  onTab: (tab: PanelTab) => void;
  onClose: () => void;
  onPaper: (paper: Reading) => void;
}

/** What belongs to the meeting beside the pictures. */
export function Panel({ room, table, tab, agenda, onTab, onClose, onPaper }: PanelProps): VNode {
  const waiting = waitingSpeakers(room.snapshot).length;
  const tabs: Tab[] = [
    ...(agenda
      ? [{ id: 'agenda', label: t('room-agenda'), panel: () => <AgendaRail room={room} onPaper={onPaper} /> }]
      : []),
    { id: 'people', label: t('room-people'), panel: () => <PeoplePanel room={room} /> },
    ...(room.can.readPapers
      ? [{ id: 'papers', label: t('room-papers'), panel: () => <PapersPanel room={room} onPaper={onPaper} /> }]
      : []),
    { id: 'floor', label: withCount(t('room-floor'), waiting), panel: () => <FloorPanel room={room} /> },
    {
      id: 'poll',
      label: openPoll(room.snapshot) ? withMark(t('room-poll')) : t('room-poll'),
      panel: () => <PollPanel room={room} />,
    },
    ...(room.can.hall
      ? []
      : [
          {
            id: 'chat',
            label: withCount(t('chat-tab'), table.chat.unread.value),
            panel: () => <ChatPanel room={room} chat={table.chat} />,
          },
        ]),
    ...(room.can.run ? [{ id: 'run', label: t('run-tab'), panel: () => <RunPanel room={room} onTab={onTab} /> }] : []),
  ];
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current
      ?.querySelector('[role=tab][aria-selected=true]')
      ?.scrollIntoView?.({ block: 'nearest', inline: 'center' });
  }, [tab]);
  return (
    <div ref={panel}>
      <h2 class="visually-hidden">{t('room-panel')}</h2>
      <Tabs label={t('room-panel')} tabs={tabs} selected={tab} onSelect={(id) => onTab(id as PanelTab)} />
      <div class="room__panel-close">
        <IconButton icon={X} label={t('room-panel-close')} onClick={onClose} />
      </div>
    </div>
  );
}

function withCount(text: string, count: number): VNode {
  return (
    <>
      {text} {count > 0 ? <Badge tone="accent">{count}</Badge> : null}
    </>
  );
}

function withMark(text: string): VNode {
  return (
    <>
      {text} <Badge tone="success">{t('room-poll-open-mark')}</Badge>
    </>
  );
}
