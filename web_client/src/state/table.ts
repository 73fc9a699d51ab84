import { useEffect, useMemo } from 'preact/hooks';
import { ChatBox } from './chat';
import type { Meeting } from './meeting';
import { Presenting } from './presenting';

/** What one person has at the table of one meeting. */
export interface Table {
  readonly chat: ChatBox;
  readonly presenting: Presenting;
}

/** Sit down at the table while the view is drawn. */
export function useTable(meeting: Meeting, personId: string): Table {
  const table = useMemo(
    () => ({ chat: new ChatBox(meeting, personId), presenting: new Presenting(meeting, personId) }),
    [meeting, personId],
  );
  useEffect(() => {
    table.chat.start();
    table.presenting.start();
    return () => {
      table.chat.stop();
      table.presenting.stop();
    };
  }, [table]);
  return table;
}
