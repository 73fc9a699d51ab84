import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { announce, notify } from '../../ui';
import { announcements } from './announcements';
import { connectionWords } from './connectionWords';
import type { RoomView } from './model';

/** Speaks floor, poll, item, quorum and connection changes to those who cannot see them. */
export function useAnnouncements(room: RoomView): void {
  const before = useRef(room.snapshot);
  const { snapshot, personId } = room;
  useEffect(() => {
    const said = announcements(before.current, snapshot, personId);
    before.current = snapshot;
    if (said.length === 0) return;
    const mine = said.some(([id]) => id === 'room-say-floor-yours');
    (mine ? notify : announce)(said.map(([id, args]) => t(id, args)).join(' '));
  }, [snapshot, personId]);

  const { words } = connectionWords(room);
  const last = useRef(words);
  useEffect(() => {
    if (last.current !== words) announce(t(words));
    last.current = words;
  }, [words]);
}
