import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../i18n';
import type { ChatBox } from '../../../state/chat';
import { participant } from '../../../state/viewModels';
import { announce } from '../../../ui';
import type { RoomView } from '../model';

/** Tells those who cannot see the tab that there are new messages; what is read at once needs no word. */
export function useChatNews(room: RoomView, chat: ChatBox, reading: boolean): void {
  const unread = chat.unread.value;
  const before = useRef(unread);
  useEffect(() => {
    const news = unread - before.current;
    before.current = unread;
    if (news <= 0 || reading) return;
    const last = chat.messages.value.findLast((one) => one.authorId !== room.personId);
    const name = last && participant(room.snapshot, last.authorId)?.name;
    if (name) announce(t('chat-say', { count: news, name }));
  }, [unread]);
}
