import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { api, ApiError } from '../protocol/http';
import type { Audience, ChatMessage, ChatPage } from '../protocol/generated';
import type { Meeting } from './meeting';

/** A message of this page that the hub has not acknowledged; `problem` is why it was refused. */
export interface Outgoing {
  readonly id: string;
  readonly audience: Audience;
  readonly recipientId: string | null;
  readonly text: string;
  readonly problem: string | null;
}

/** Where a message goes: to everyone, to the secretariat, or from there to one person. */
export interface Address {
  readonly audience: Audience;
  readonly recipientId: string | null;
}

interface Kept {
  readonly drafts: Readonly<Record<string, string>>;
  readonly outgoing: readonly Outgoing[];
  readonly read: number;
}

export const MAX_MESSAGE = 2000;
const UNANSWERED = new Set(['disconnected', 'timeout', 'not_subscribed', 'hub_stopping']);
const PAUSE_MS = 3000;

type ChatMeeting = Pick<Meeting, 'id' | 'request' | 'following' | 'snapshot'>;

/**
 * One person's chat in one meeting: drafts, messages on their way, earlier pages, and what was read.
 *
 * A message has its id before it is sent, so that it arrives once, however often it is sent. Drafts and what is on its
 * way survive a reload of the window.
 */
export class ChatBox {
  readonly drafts = signal<Readonly<Record<string, string>>>({});
  readonly outgoing = signal<readonly Outgoing[]>([]);
  readonly messages: ReadonlySignal<readonly ChatMessage[]>;
  readonly unread: ReadonlySignal<number>;
  readonly hasEarlier: ReadonlySignal<boolean>;
  readonly #meeting: ChatMeeting;
  readonly #key: string;
  readonly #personId: string;
  readonly #read = signal(0);
  readonly #earlier = signal<readonly ChatMessage[]>([]);
  readonly #firstReached = signal(false);
  #sending = false;
  #stops: (() => void)[] = [];

  constructor(meeting: ChatMeeting, personId: string) {
    this.#meeting = meeting;
    this.#personId = personId;
    this.#key = `plenum.chat.${meeting.id}.${personId}`;
    this.#recall();
    const shown = computed(() => meeting.snapshot.value?.chat ?? { messages: [], earlier: false });
    this.messages = computed(() => joined(this.#earlier.value, shown.value.messages));
    this.hasEarlier = computed(() => shown.value.earlier && !this.#firstReached.value);
    this.unread = computed(() => shown.value.messages.filter((one) => this.#isUnread(one)).length);
  }

  /** Send what waits, now and after each reconnect, until `stop`. */
  start(): void {
    if (this.#stops.length > 0) return;
    this.#stops = [
      effect(() => {
        if (this.#meeting.following.value) queueMicrotask(() => void this.#flush());
      }),
      effect(() => this.#keep()),
    ];
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  draft(to: Address): string {
    return this.drafts.value[nameOf(to)] ?? '';
  }

  setDraft(to: Address, text: string): void {
    const { [nameOf(to)]: _, ...others } = this.drafts.value;
    this.drafts.value = text ? { ...others, [nameOf(to)]: text } : others;
  }

  /** Send the draft; it leaves the field at once and stands among the messages as on its way. */
  send(to: Address): void {
    const text = this.draft(to).trim();
    if (!text || text.length > MAX_MESSAGE) return;
    const id = crypto.randomUUID().replaceAll('-', '');
    this.outgoing.value = [...this.outgoing.value, { id, ...to, text, problem: null }];
    this.setDraft(to, '');
    void this.#flush();
  }

  retry(id: string): void {
    this.outgoing.value = this.outgoing.value.map((one) => (one.id === id ? { ...one, problem: null } : one));
    void this.#flush();
  }

  discard(id: string): void {
    this.outgoing.value = this.outgoing.value.filter((one) => one.id !== id);
  }

  /** Everything shown has been read. */
  markRead(): void {
    const last = this.#meeting.snapshot.value?.chat.messages.at(-1)?.number ?? 0;
    if (last > this.#read.value) this.#read.value = last;
  }

  /** Read the page before the earliest message here. Rejects with {@link ApiError}. */
  async loadEarlier(): Promise<void> {
    const first = this.messages.value[0];
    if (!first) return;
    const page = await api.get<ChatPage>(`/meetings/${this.#meeting.id}/chat/${first.number}/earlier`);
    this.#earlier.value = joined(page.messages, this.#earlier.value);
    this.#firstReached.value = !page.earlier;
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#next(); next && this.#meeting.following.value; next = this.#next()) {
        if (!(await this.#deliver(next))) return;
      }
    } finally {
      this.#sending = false;
    }
  }

  #next(): Outgoing | undefined {
    return this.outgoing.value.find((one) => one.problem === null);
  }

  /** Whether the next one may follow at once. */
  async #deliver({ id, audience, recipientId, text }: Outgoing): Promise<boolean> {
    try {
      await this.#meeting.request('chat.send', { messageId: id, audience, recipientId, text });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (UNANSWERED.has(error.code)) return false; // the reconnect sends it again
      if (error.code === 'chat_too_fast' || error.code === 'too_many_requests') {
        setTimeout(() => void this.#flush(), PAUSE_MS);
        return false;
      }
      this.outgoing.value = this.outgoing.value.map((one) => (one.id === id ? { ...one, problem: error.code } : one));
      return true;
    }
    this.discard(id);
    return true;
  }

  #isUnread({ authorId, number, removed }: ChatMessage): boolean {
    return number > this.#read.value && authorId !== this.#personId && !removed;
  }

  #recall(): void {
    const stored = sessionStorage.getItem(this.#key);
    if (stored === null) return;
    const kept = JSON.parse(stored) as Kept;
    this.drafts.value = kept.drafts;
    this.outgoing.value = kept.outgoing;
    this.#read.value = kept.read;
  }

  #keep(): void {
    const kept: Kept = { drafts: this.drafts.value, outgoing: this.outgoing.value, read: this.#read.value };
    sessionStorage.setItem(this.#key, JSON.stringify(kept));
  }
}

function nameOf({ audience, recipientId }: Address): string {
  return recipientId ?? audience;
}

/** Two runs of messages as one: where they overlap the later run is right. */
function joined(earlier: readonly ChatMessage[], later: readonly ChatMessage[]): readonly ChatMessage[] {
  const from = later[0]?.number ?? Infinity;
  return [...earlier.filter((one) => one.number < from), ...later];
}
