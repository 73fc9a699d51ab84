import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { announce, notify } from '../../ui';
import { announcements } from './announcements';
import { connectionWords } from './connectionWords';
import type { RoomView } from './model';

/** What is also shown, since nothing else on the screen says so; the reader's own turn has a banner. */
const SHOWN: ReadonlySet<string> = new Set(['room-say-floor-ended', 'room-say-floor-paused']);

/** Speaks floor, poll, item, quorum and connection changes to those who cannot see them. */
export function useAnnouncements(room: RoomView): void {
  const before = useRef(room.snapshot);
  const { snapshot, personId } = room;
  useEffect(() => {
    const said = announcements(before.current, snapshot, personId);
    before.current = snapshot;
    if (said.length === 0) return;
    const shown = said.some(([id]) => SHOWN.has(id));
    (shown ? notify : announce)(said.map(([id, args]) => t(id, args)).join(' '));
  }, [snapshot, personId]);

  const { words } = connectionWords(room);
  const last = useRef(words);
  useEffect(() => {
    if (last.current !== words) announce(t(words));
    last.current = words;
  }, [words]);
}
