import {
  Camera,
  CameraOff,
  Hand,
  Keyboard,
  LayoutGrid,
  LogOut,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PanelRight,
  Presentation,
  Settings2,
  Volume2,
  VolumeX,
  type IconNode,
} from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { t } from '../../i18n';
import type { MediaSession } from '../../rtc/session';
import type { LocalSource } from '../../rtc/source';
import { announce, Icon } from '../../ui';
import { floorAction, ownFloor, pressFloor } from './floorActions';
import { layout, toggleLayout } from './layout';
import type { RoomView } from './model';
import { type SourceName, switchSource } from './sourceActions';

interface BottomBarProps {
  room: RoomView;
  panelOpen: boolean;
  onPanel: () => void;
  onSettings: () => void;
  onHelp: () => void;
  onLeave: () => void;
}

/** Always there, always in the same order. */
export function BottomBar({ room, panelOpen, onPanel, onSettings, onHelp, onLeave }: BottomBarProps): VNode {
  const { session } = room;
  const floor = ownFloor(room);
  return (
    <footer class="bar" aria-label={t('room-controls')}>
      {room.hall ? null : <OwnMedia session={session} sends={room.can.send} />}
      {room.can.askForFloor ? (
        <BarButton icon={Hand} active={floor !== undefined} onClick={() => pressFloor(room)} testId="request-floor">
          {t(floorAction(floor))}
        </BarButton>
      ) : null}
      <span class="bar__space" />
      <BarButton icon={PanelRight} active={panelOpen} onClick={onPanel} testId="panel">
        {t(panelOpen ? 'room-panel-hide' : 'room-panel-show')}
      </BarButton>
      <LayoutButton />
      <BarButton icon={Settings2} onClick={onSettings} testId="settings">
        {t('room-settings-short')}
      </BarButton>
      <BarButton icon={Keyboard} onClick={onHelp} testId="shortcuts" optional>
        {t('room-shortcuts')}
      </BarButton>
      <BarButton icon={LogOut} danger onClick={onLeave} testId="leave">
        {t('room-leave')}
      </BarButton>
    </footer>
  );
}

function OwnMedia({ session, sends }: { session: MediaSession; sends: boolean }): VNode {
  if (!sends) return <SoundButton session={session} />;
  return (
    <>
      <SourceButton source={session.microphone} icons={[Mic, MicOff]} name="microphone" testId="mute" />
      <SourceButton source={session.camera} icons={[Camera, CameraOff]} name="camera" testId="camera" />
      {canShareScreen() ? (
        <SourceButton source={session.screen} icons={[MonitorX, MonitorUp]} name="screen" testId="share" optional />
      ) : null}
      <SoundButton session={session} />
    </>
  );
}

/** The text says what a press does, so that it names the other layout. */
function LayoutButton(): VNode {
  const speaker = layout.value === 'speaker';
  return (
    <BarButton
      icon={speaker ? LayoutGrid : Presentation}
      onClick={() => announce(t(`room-layout-${toggleLayout()}`))}
      testId="layout"
      optional
    >
      {t(speaker ? 'room-layout-to-gallery' : 'room-layout-to-speaker')}
    </BarButton>
  );
}

function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

interface SourceButtonProps {
  source: LocalSource;
  /** While it is on, and while it is off. */
  icons: readonly [IconNode, IconNode];
  name: SourceName;
  testId: string;
  optional?: boolean;
}

function SourceButton({ source, icons, name, testId, optional }: SourceButtonProps): VNode {
  const on = source.on.value;
  return (
    <BarButton
      icon={icons[on ? 0 : 1]}
      active={on}
      off={!on && name !== 'screen'}
      busy={source.busy.value}
      onClick={() => switchSource(source, name, !on)}
      testId={testId}
      optional={optional}
    >
      {t(`room-${name}-${on ? 'on' : 'off'}`)}
    </BarButton>
  );
}

function SoundButton({ session }: { session: MediaSession }): VNode {
  const on = session.soundOn.value;
  const toggle = () => {
    session.soundOn.value = !on;
  };
  return (
    <BarButton icon={on ? Volume2 : VolumeX} active={on} off={!on} onClick={toggle} testId="sound" optional>
      {t(on ? 'room-sound-on' : 'room-sound-off')}
    </BarButton>
  );
}

interface BarButtonProps {
  icon: IconNode;
  onClick: () => void;
  testId: string;
  /** Shown in the accent colour; the text says what a press does, so that it is no pressed state. */
  active?: boolean;
  off?: boolean;
  busy?: boolean;
  danger?: boolean;
  /** Left out where the screen is narrow. */
  optional?: boolean;
  children: ComponentChildren;
}

function BarButton({ icon, onClick, testId, active, off, busy, danger, optional, children }: BarButtonProps): VNode {
  const classes = [
    'bar__button',
    active ? 'bar__button--active' : '',
    off ? 'bar__button--off' : '',
    danger ? 'bar__button--danger' : '',
    optional ? 'bar__button--optional' : '',
  ];
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(' ')}
      aria-busy={busy ? 'true' : undefined}
      onClick={onClick}
      data-testid={testId}
    >
      <Icon icon={icon} size={24} />
      <span>{children}</span>
    </button>
  );
}
