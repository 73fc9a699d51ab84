import { MessageSquareOff } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { errorText, t } from '../../../i18n';
import type { ChatMessage } from '../../../protocol/generated';
import type { Address, ChatBox } from '../../../state/chat';
import { participant } from '../../../state/viewModels';
import { Badge, Button, ErrorBanner, useAction } from '../../../ui';
import { notify } from '../../../ui';
import type { RoomView } from '../model';
import './chat.css';
import { Composer } from './Composer';
import { MessageLine, OutgoingLine } from './MessageLine';

const NEAR_END_PX = 80;

interface ChatProps {
  room: RoomView;
  chat: ChatBox;
}

/** The chat: to everyone, or to the secretariat; the latest message last. */
export function ChatPanel({ room, chat }: ChatProps): VNode {
  const [to, setTo] = useState<Address>({ audience: room.can.chat ? 'everyone' : 'secretariat', recipientId: null });
  const { sitting } = room.snapshot;
  const messages = chat.messages.value;
  const last = messages.at(-1)?.number ?? 0;
  useEffect(() => chat.markRead(), [chat, last]);
  return (
    <div class="chat">
      {room.can.run ? <ChatSwitch room={room} /> : null}
      <Messages room={room} chat={chat} messages={messages} onAnswer={setTo} />
      {sitting.chatOpen || to.audience === 'secretariat' ? null : (
        <p class="chat__closed" role="status">
          {t('chat-closed')}
        </p>
      )}
      <Composer room={room} chat={chat} to={to} onTo={setTo} />
    </div>
  );
}

function ChatSwitch({ room }: { room: RoomView }): VNode {
  const { chatOpen } = room.snapshot.sitting;
  const flip = () =>
    room.meeting.request('sitting.set', { chatOpen: !chatOpen }).catch((error: unknown) => notify(errorText(error)));
  return (
    <div class="chat__switch">
      <Badge tone={chatOpen ? 'success' : 'warning'}>{t(chatOpen ? 'chat-is-open' : 'chat-is-closed')}</Badge>
      <Button kind="quiet" icon={MessageSquareOff} onClick={() => void flip()} data-testid="chat-switch">
        {t(chatOpen ? 'chat-close' : 'chat-open')}
      </Button>
    </div>
  );
}

interface MessagesProps extends ChatProps {
  messages: readonly ChatMessage[];
  onAnswer: (to: Address) => void;
}

function Messages({ room, chat, messages, onAnswer }: MessagesProps): VNode {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const action = useAction();
  const outgoing = chat.outgoing.value;
  const count = messages.length + outgoing.length;
  useLayoutEffect(() => {
    const element = list.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [count]);
  const onScroll = () => {
    const element = list.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  const remove = (message: ChatMessage) =>
    room.meeting.request('chat.remove', { messageId: message.id }).catch((error: unknown) => notify(errorText(error)));
  return (
    <div class="chat__messages" ref={list} onScroll={onScroll} tabIndex={0} role="log" aria-label={t('chat-messages')}>
      {chat.hasEarlier.value ? (
        <Button kind="quiet" busy={action.busy} onClick={() => void action.run(() => chat.loadEarlier())} data-testid="chat-earlier">
          {t('chat-earlier')}
        </Button>
      ) : null}
      <ErrorBanner error={action.error} />
      {count === 0 ? <p class="chat__empty">{t('chat-none')}</p> : null}
      <ol>
        {messages.map((message) => (
          <MessageLine
            key={message.id}
            room={room}
            message={message}
            onAnswer={() => onAnswer({ audience: 'secretariat', recipientId: message.authorId })}
            onRemove={() => void remove(message)}
          />
        ))}
        {outgoing.map((one) => (
          <OutgoingLine key={one.id} outgoing={one} to={nameOf(room, one.recipientId)} chat={chat} />
        ))}
      </ol>
    </div>
  );
}

function nameOf(room: RoomView, personId: string | null): string {
  return personId ? (participant(room.snapshot, personId)?.name ?? t('room-unknown-person')) : '';
}
