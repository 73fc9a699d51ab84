import { Send } from 'lucide';
import type { VNode } from 'preact';
import { formatNumber, t } from '../../../i18n';
import { type Address, type ChatBox, MAX_MESSAGE } from '../../../state/chat';
import { participant } from '../../../state/viewModels';
import { Button, Select, TextArea } from '../../../ui';
import type { RoomView } from '../model';

const COUNTED_FROM = 1800;

interface ComposerProps {
  room: RoomView;
  chat: ChatBox;
  to: Address;
  onTo: (to: Address) => void;
}

/** Where a message is written: Enter sends it, Shift and Enter begin a new line. What is typed survives a reload. */
export function Composer({ room, chat, to, onTo }: ComposerProps): VNode {
  const text = chat.draft(to);
  const taken = room.snapshot.sitting.chatOpen || to.audience === 'secretariat';
  const send = (event: Event) => {
    event.preventDefault();
    if (taken) chat.send(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
  };
  return (
    <form class="composer" onSubmit={send}>
      <Select
        label={t('chat-to')}
        value={to.recipientId ?? to.audience}
        options={addressees(room, to)}
        onValue={(value) => onTo(addressOf(value))}
        data-testid="chat-to"
      />
      <TextArea
        label={t('chat-text')}
        hint={t('chat-text.hint')}
        value={text}
        rows={2}
        maxLength={MAX_MESSAGE}
        onValue={(value) => chat.setDraft(to, value)}
        onKeyDown={onKeyDown}
        data-testid="chat-text"
      />
      <div class="composer__send">
        <span class="composer__count">
          {text.length > COUNTED_FROM
            ? t('chat-left', { count: formatNumber(MAX_MESSAGE - text.length) })
            : null}
        </span>
        <Button type="submit" kind="primary" icon={Send} disabled={!taken || !text.trim()} data-testid="chat-send">
          {t('chat-send')}
        </Button>
      </div>
    </form>
  );
}

function addressees(room: RoomView, { recipientId }: Address): { value: string; text: string }[] {
  const answered = recipientId && participant(room.snapshot, recipientId)?.name;
  return [
    ...(room.can.chat ? [{ value: 'everyone', text: t('chat-everyone') }] : []),
    { value: 'secretariat', text: t('chat-secretariat') },
    ...(recipientId ? [{ value: recipientId, text: t('chat-only', { name: answered || t('room-unknown-person') }) }] : []),
  ];
}

function addressOf(value: string): Address {
  if (value === 'everyone' || value === 'secretariat') return { audience: value, recipientId: null };
  return { audience: 'secretariat', recipientId: value };
}
