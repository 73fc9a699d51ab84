import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { defaultKeybindingsHandlerIgnore, tinykeys } from 'tinykeys';
import { askOrWithdraw } from './floorActions';
import type { RoomView } from './model';
import { switchSource } from './sourceActions';

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
  ['v', 'room-key-camera'],
  ['h', 'room-key-floor'],
  ['p', 'room-key-panel'],
  ['b', 'room-key-poll'],
  ['?', 'room-key-help'],
] as const;
type Key = (typeof SHORTCUTS)[number][0];

interface Actions {
  panel: () => void;
  poll: () => void;
  help: () => void;
}

/** Listen for the shortcuts while the room is drawn; not while the reader types or a dialog is open. */
export function useShortcuts(room: RoomView, actions: Actions): void {
  const latest = useRef({ room, actions });
  latest.current = { room, actions };
  const on = shortcutsOn.value;
  useEffect(() => {
    if (!on) return undefined;
    const source = (name: 'microphone' | 'camera') => {
      const { session, hall, can } = latest.current.room;
      if (!hall && can.send) switchSource(session[name], name, !session[name].on.value);
    };
    const keys: Record<Key, () => void> = {
      m: () => source('microphone'),
      v: () => source('camera'),
      h: () => latest.current.room.can.askForFloor && askOrWithdraw(latest.current.room),
      p: () => latest.current.actions.panel(),
      b: () => latest.current.actions.poll(),
      '?': () => latest.current.actions.help(),
    };
    const { '?': help, ...plain } = keys;
    return tinykeys(window, { ...plain, '(Shift)+?': help }, { ignore: isTaken });
  }, [on]);
}

function isTaken(event: KeyboardEvent): boolean {
  return event.repeat || document.querySelector('dialog[open]') !== null || defaultKeybindingsHandlerIgnore(event);
}
