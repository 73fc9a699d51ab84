import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { defaultKeybindingsHandlerIgnore, tinykeys } from 'tinykeys';
import { askOrWithdraw } from './floorActions';
import type { PanelTab, RoomView } from './model';
import { switchSource, type SourceName } from './sourceActions';

const STORED = 'plenum.shortcuts';

/** Single keys can be in the way of speech input, so that the reader may turn them off (WCAG 2.1.4). */
export const shortcutsOn = signal(localStorage.getItem(STORED) !== 'off');

export function setShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  localStorage.setItem(STORED, on ? 'on' : 'off');
}

/** Each key and the text that says what it does. */
export const SHORTCUTS = [
  ['m', 'room-key-microphone'],
  ['Space', 'room-key-talk'],
  ['v', 'room-key-camera'],
  ['s', 'room-key-screen'],
  ['h', 'room-key-floor'],
  ['l', 'room-key-layout'],
  ['e', 'room-key-people'],
  ['p', 'room-key-papers'],
  ['c', 'room-key-chat'],
  ['f', 'room-key-speakers'],
  ['b', 'room-key-poll'],
  ['x', 'room-key-panel'],
  ['?', 'room-key-help'],
] as const;
type Key = Exclude<(typeof SHORTCUTS)[number][0], 'Space'>;

interface Actions {
  open: (tab: PanelTab) => void;
  panel: () => void;
  layout: () => void;
  help: () => void;
}

/** Listen for the shortcuts while the room is drawn; not while the reader types or a dialog is open. */
export function useShortcuts(room: RoomView, actions: Actions): void {
  const latest = useRef({ room, actions });
  latest.current = { room, actions };
  const on = shortcutsOn.value;
  useEffect(() => {
    if (!on) return undefined;
    const source = (name: SourceName) => {
      const { session, hall, can } = latest.current.room;
      if (!hall && can.send) switchSource(session[name], name, !session[name].on.value);
    };
    const open = (tab: PanelTab) => latest.current.actions.open(tab);
    const keys: Record<Key, () => void> = {
      m: () => source('microphone'),
      v: () => source('camera'),
      s: () => source('screen'),
      h: () => latest.current.room.can.askForFloor && askOrWithdraw(latest.current.room),
      l: () => latest.current.actions.layout(),
      e: () => open('people'),
      p: () => latest.current.room.can.readPapers && open('papers'),
      c: () => open('chat'),
      f: () => open('floor'),
      b: () => open('poll'),
      x: () => latest.current.actions.panel(),
      '?': () => latest.current.actions.help(),
    };
    const { '?': help, ...plain } = keys;
    const stopKeys = tinykeys(window, { ...plain, '(Shift)+?': help }, { ignore: isTaken });
    const stopTalking = holdToTalk(() => latest.current.room);
    return () => {
      stopKeys();
      stopTalking();
    };
  }, [on]);
}

function isTaken(event: KeyboardEvent): boolean {
  return event.repeat || document.querySelector('dialog[open]') !== null || defaultKeybindingsHandlerIgnore(event);
}

/** While the space bar is held the microphone is on, unless it was on already; what the bar does elsewhere it keeps. */
function holdToTalk(room: () => RoomView): () => void {
  let talking = false;
  const say = (on: boolean) => {
    talking = on;
    switchSource(room().session.microphone, 'microphone', on);
  };
  const down = (event: KeyboardEvent) => {
    if (event.key !== ' ' || isPressed(event.target)) return;
    if (event.repeat ? talking : !isTaken(event)) event.preventDefault(); // else the page scrolls
    const { session, hall, can } = room();
    if (!event.repeat && !isTaken(event) && !hall && can.send && !session.microphone.on.value) say(true);
  };
  const up = (event: KeyboardEvent) => {
    if (talking && event.key === ' ') say(false);
  };
  const away = () => talking && say(false);
  addEventListener('keydown', down);
  addEventListener('keyup', up);
  addEventListener('blur', away);
  return () => {
    removeEventListener('keydown', down);
    removeEventListener('keyup', up);
    removeEventListener('blur', away);
    away();
  };
}

/** Whether the space bar presses what has the focus. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, label, [role=tab], [role=button]') !== null;
}
