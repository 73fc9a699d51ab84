import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import type { ChatMessage } from '../../src/protocol/generated';
import { type Address, ChatBox } from '../../src/state/chat';
import { Meeting } from '../../src/state/meeting';
import { settle, TestHub } from '../hub';
import { snapshot } from '../samples';

const EVERYONE: Address = { audience: 'everyone', recipientId: null };

function message(number: number, change: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: `m${number}`,
    number,
    authorId: 'b',
    audience: 'everyone',
    recipientId: null,
    text: `Text ${number}`,
    sentAt: '2026-11-21T08:00:00Z',
    removed: false,
    ...change,
  };
}

async function sit(messages: ChatMessage[] = []): Promise<{ hub: TestHub; meeting: Meeting; chat: ChatBox }> {
  const hub = new TestHub();
  hub.answer('subscribe', () => ({ revision: 5, snapshot: snapshot({ chat: { messages, earlier: false } }) }));
  const meeting = new Meeting('m1', hub.link);
  meeting.start();
  await settle();
  const chat = new ChatBox(meeting, 'a');
  chat.start();
  await settle();
  return { hub, meeting, chat };
}

function write(chat: ChatBox, text: string, to = EVERYONE): void {
  chat.setDraft(to, text);
  chat.send(to);
}

describe('the chat', () => {
  beforeEach(() => sessionStorage.clear());

  it('sends a message once, and keeps it as on its way until it is acknowledged', async () => {
    const { hub, chat } = await sit();
    write(chat, '  Hello  ');
    expect(chat.outgoing.value).toHaveLength(1);
    expect(chat.draft(EVERYONE)).toBe('');
    await settle();
    expect(chat.outgoing.value).toEqual([]);
    expect(hub.of('chat.send')).toMatchObject([{ meetingId: 'm1', audience: 'everyone', text: 'Hello' }]);
  });

  it('sends the same message with the same id after a reconnect', async () => {
    const { hub, chat } = await sit();
    hub.answer('chat.send', () => Promise.reject(new ApiError('timeout', 'no answer')));
    write(chat, 'Hello');
    await settle();
    expect(chat.outgoing.value).toHaveLength(1);
    hub.answer('chat.send', () => ({ id: 'x' }));
    hub.disconnect();
    hub.reconnect();
    await settle();
    const ids = hub.of('chat.send').map((one) => one.messageId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(chat.outgoing.value).toEqual([]);
  });

  it('finds drafts and what was on its way again after a reload', async () => {
    const before = await sit();
    before.hub.disconnect();
    write(before.chat, 'Lost?');
    before.chat.setDraft({ audience: 'secretariat', recipientId: null }, 'Half');
    await settle();
    before.chat.stop();
    const { hub, chat } = await sit();
    expect(chat.draft({ audience: 'secretariat', recipientId: null })).toBe('Half');
    expect(hub.of('chat.send')).toMatchObject([{ text: 'Lost?' }]);
  });

  it('keeps a refused message with the reason, to be sent again or given up', async () => {
    const { hub, chat } = await sit();
    hub.answer('chat.send', () => Promise.reject(new ApiError('chat_closed', 'closed')));
    write(chat, 'Hello');
    await settle();
    const [refused] = chat.outgoing.value;
    expect(refused?.problem).toBe('chat_closed');
    hub.answer('chat.send', () => ({ id: 'x' }));
    chat.retry(refused?.id ?? '');
    await settle();
    expect(chat.outgoing.value).toEqual([]);
  });

  it('counts what others wrote since it was read', async () => {
    const { hub, chat } = await sit([message(1), message(2, { authorId: 'a' })]);
    expect(chat.unread.value).toBe(1);
    chat.markRead();
    expect(chat.unread.value).toBe(0);
    hub.event(6, { type: 'chat', message: message(3) });
    expect(chat.unread.value).toBe(1);
    hub.event(7, { type: 'chat', message: message(3, { removed: true, text: '' }) });
    expect(chat.unread.value).toBe(0);
  });

  it('sends nothing that is empty or too long', async () => {
    const { hub, chat } = await sit();
    write(chat, '   ');
    write(chat, 'x'.repeat(2001));
    await settle();
    expect(hub.of('chat.send')).toEqual([]);
    expect(chat.draft(EVERYONE)).toHaveLength(2001);
  });
});
