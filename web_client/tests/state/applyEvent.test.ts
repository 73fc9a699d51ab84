import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope, Snapshot } from '../../src/protocol/generated';
import { applyEvent } from '../../src/state/applyEvent';
import { item, person, poll, snapshot, speaker } from '../samples';

type Event = EventEnvelope['event'];
const before = () =>
  snapshot({
    polls: [poll('p1')],
    speakers: [speaker('s1', 'a')],
    items: [item('i1', 1), item('i2', 2), item('i3', 3)],
  });
const quorum = { entitled: 3, total: 3, present: 1, required: 2, met: false };

function after(event: Event): Snapshot {
  const start = before();
  const frozen = JSON.stringify(start);
  const result = applyEvent(start, { revision: 6, event });
  expect(JSON.stringify(start), 'the snapshot given is not changed').toBe(frozen);
  expect(result.revision).toBe(6);
  return result;
}

describe('applyEvent', () => {
  it('replaces the meeting', () => {
    const meeting = { ...before().meeting, state: 'suspended' as const };
    expect(after({ type: 'meeting', meeting }).meeting).toEqual(meeting);
  });

  it('replaces a participant in place, and adds a new one at the end', () => {
    const changed = person('b', { role: 'chair' });
    const result = after({ type: 'participant', participant: changed, quorum });
    expect(result.participants.map((one) => one.role)).toEqual(['member', 'chair', 'member']);
    expect(result.quorum).toEqual(quorum);
    const added = after({ type: 'participant', participant: person('d'), quorum });
    expect(added.participants.map((one) => one.personId)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('removes a participant', () => {
    const result = after({ type: 'participant_removed', personId: 'b', quorum });
    expect(result.participants.map((one) => one.personId)).toEqual(['a', 'c']);
    expect(result.quorum).toEqual(quorum);
  });

  it('changes the presence of one person only', () => {
    const presence = { status: 'absent' as const, connected: false, mode: null, siteId: null, endpointId: null, since: null };
    const result = after({ type: 'presence', personId: 'b', presence, quorum });
    expect(result.participants.map((one) => one.presence.status)).toEqual(['present', 'absent', 'present']);
    expect(result.quorum.met).toBe(false);
  });

  it('puts an item where its position says', () => {
    const result = after({ type: 'item', item: item('i9', 2, { title: 'New' }) });
    expect(result.items.map((one) => one.id)).toEqual(['i1', 'i2', 'i9', 'i3']);
  });

  it('removes an item', () => {
    expect(after({ type: 'item_removed', itemId: 'i2' }).items.map((one) => one.id)).toEqual(['i1', 'i3']);
  });

  it('numbers the items anew when their order changes', () => {
    const { items } = after({ type: 'order', itemIds: ['i3', 'i1', 'i2'] });
    expect(items.map((one) => [one.id, one.position])).toEqual([
      ['i3', 1],
      ['i1', 2],
      ['i2', 3],
    ]);
  });

  it('adds and replaces versions of the agenda', () => {
    const version = {
      number: 1,
      convenedAt: '2026-11-20T08:00:00Z',
      manifestSha256: 'a',
      pdfSha256: 'b',
      acknowledgedBy: [],
    };
    const first = after({ type: 'version', version });
    expect(first.versions).toEqual([version]);
    const acknowledged = { ...version, acknowledgedBy: ['a'] };
    expect(applyEvent(first, { revision: 7, event: { type: 'version', version: acknowledged } }).versions).toEqual([
      acknowledged,
    ]);
  });

  it('replaces a poll and keeps the order', () => {
    const closed = poll('p1', { state: 'closed' });
    expect(after({ type: 'poll', poll: closed }).polls).toEqual([closed]);
    expect(after({ type: 'poll', poll: poll('p2') }).polls.map((one) => one.id)).toEqual(['p1', 'p2']);
  });

  it('adds a ballot, and replaces the same person’s', () => {
    const ballot = { personId: 'b', optionId: null, receipt: null, ballotId: null, castAt: '2026-11-21T08:01:00Z' };
    const first = after({ type: 'ballot', pollId: 'p1', ballot });
    const second = applyEvent(first, {
      revision: 7,
      event: { type: 'ballot', pollId: 'p1', ballot: { ...ballot, optionId: 'yes' } },
    });
    expect(second.polls[0]?.ballots).toEqual([{ ...ballot, optionId: 'yes' }]);
  });

  it('leaves other polls alone when a ballot comes', () => {
    const ballot = { personId: 'b', optionId: null, receipt: null, ballotId: null, castAt: '2026-11-21T08:01:00Z' };
    expect(after({ type: 'ballot', pollId: 'other', ballot }).polls[0]?.ballots).toEqual([]);
  });

  it('puts and removes speakers', () => {
    const speaking = speaker('s1', 'a', { state: 'speaking' });
    expect(after({ type: 'speaker', speaker: speaking }).speakers).toEqual([speaking]);
    expect(after({ type: 'speaker_removed', speakerId: 's1' }).speakers).toEqual([]);
  });

  it('replaces what is known of the minutes', () => {
    const minutes = { state: 'draft' as const, revision: 1, sha256: null, signedBy: [] };
    expect(after({ type: 'minutes', minutes }).minutes).toEqual(minutes);
  });

  it('moves only the revision for what is hidden, and for what a newer hub may send', () => {
    const expected = { ...before(), revision: 6 };
    expect(after({ type: 'hidden' })).toEqual(expected);
    expect(after({ type: 'from_the_future' } as unknown as Event)).toEqual(expected);
  });
});

interface Fixture {
  name?: string;
  snapshot: Snapshot;
  event: EventEnvelope | Event;
  expected: Snapshot;
}

const folder = new URL('../../../tests/fixtures/state_sync/', import.meta.url);
const shared = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

describe.runIf(shared.length > 0)('the law of the stream, with the fixtures that the hub is tested with', () => {
  it.each(shared)('%s', (name) => {
    const content = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture | Fixture[];
    for (const { snapshot: start, event, expected } of Array.isArray(content) ? content : [content]) {
      const envelope = event.type === 'event' ? event : { revision: start.revision + 1, event };
      expect(applyEvent(start, envelope)).toEqual(expected);
    }
  });
});
