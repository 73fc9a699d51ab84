import { FileText } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { unreadPapers } from '../../state/readPapers';
import type { RoomView } from '../room/model';
import { Icon } from '../../ui';

const SHOWN = 3;

/** Papers of the meeting that were not opened on this computer yet. */
export function PapersToRead({ room }: { room: RoomView }): VNode | null {
  const unread = room.can.readPapers ? unreadPapers(room.snapshot) : [];
  if (unread.length === 0) return null;
  return (
    <section class="unread" aria-labelledby="unread-title" data-testid="unread">
      <h2 id="unread-title">{t('lobby-unread', { count: unread.length })}</h2>
      <ul>
        {unread.slice(0, SHOWN).map((paper) => (
          <li key={paper.id}>
            <Icon icon={FileText} />
            <a href={`/meetings/${room.snapshot.meeting.id}/papers/${paper.id}`} target="_blank" rel="noopener">
              {paper.title}
            </a>
          </li>
        ))}
      </ul>
      {unread.length > SHOWN ? <p>{t('lobby-who-more', { count: unread.length - SHOWN })}</p> : null}
    </section>
  );
}
