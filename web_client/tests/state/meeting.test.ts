import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { Attendance } from '../../src/state/attendance';
import { Meeting } from '../../src/state/meeting';
import { settle, TestHub } from '../hub';
import type { Endpoint } from '../../src/protocol/generated';
import { endpoint, person, snapshot } from '../samples';

async function followed(hub = new TestHub()): Promise<{ hub: TestHub; meeting: Meeting }> {
  hub.answer('subscribe', ({ after }) => ({ revision: 5, snapshot: after === null ? snapshot() : null }));
  const meeting = new Meeting('m1', hub.link);
  meeting.start();
  await settle();
  return { hub, meeting };
}

const hidden = { type: 'hidden' } as const;

describe('a followed meeting', () => {
  it('knows who is in the room before it is entered', async () => {
    const { hub, meeting } = await followed();
    hub.say({ type: 'room', meetingId: 'm1', endpoints: [endpoint('h1', null)] });
    hub.say({ type: 'room', meetingId: 'other', endpoints: [] });
    hub.say({ type: 'active_speaker', meetingId: 'm1', endpointId: 'h1' });
    expect(meeting.endpoints.value.map((one) => one.id)).toEqual(['h1']);
    expect(meeting.activeSpeaker.value).toBe('h1');
  });

  it('takes a connection for good again when it may have missed the news', async () => {
    const { hub, meeting } = await followed();
    hub.say({ type: 'ephemeral', meetingId: 'm1', personId: 'b', key: 'quality', value: 'weak' });
    expect(meeting.qualities.value.get('b')).toBe('weak');
    hub.disconnect();
    hub.reconnect();
    await settle();
    expect(meeting.qualities.value.get('b')).toBeUndefined();
  });

  it('starts from a snapshot and follows the events', async () => {
    const { hub, meeting } = await followed();
    expect(meeting.following.value).toBe(true);
    hub.event(6, {
      type: 'participant',
      participant: person('d'),
      quorum: { entitled: 4, total: 4, present: 4, required: 3, met: true },
    });
    expect(meeting.snapshot.value?.participants).toHaveLength(4);
    expect(meeting.snapshot.value?.revision).toBe(6);
  });

  it('ignores what it knows already, and other meetings', async () => {
    const { hub, meeting } = await followed();
    hub.event(5, hidden);
    hub.event(6, hidden, 'other');
    expect(meeting.snapshot.value?.revision).toBe(5);
  });

  it('asks for what came after its revision when the connection is back', async () => {
    const { hub, meeting } = await followed();
    hub.event(6, hidden);
    hub.disconnect();
    expect(meeting.following.value).toBe(false);
    hub.reconnect();
    await settle();
    expect(hub.of('subscribe').at(-1)).toEqual({ meetingId: 'm1', after: 6 });
    expect(meeting.following.value).toBe(true);
  });

  it('keeps events that overtake the answer', async () => {
    const hub = new TestHub();
    let release: (value: unknown) => void = () => undefined;
    hub.answer(
      'subscribe',
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const meeting = new Meeting('m1', hub.link);
    meeting.start();
    await settle();
    hub.event(6, hidden);
    release({ revision: 5, snapshot: snapshot() });
    await settle();
    expect(meeting.snapshot.value?.revision).toBe(6);
  });

  it('asks for the whole state when an event is missing, and draws the old one meanwhile', async () => {
    const { hub, meeting } = await followed();
    hub.event(8, hidden);
    expect(meeting.snapshot.value?.revision).toBe(5);
    await settle();
    expect(hub.of('subscribe').at(-1)).toEqual({ meetingId: 'm1', after: null });
  });

  it('starts over when its rights changed and when the hub was restored', async () => {
    const { hub } = await followed();
    hub.say({ type: 'resync', meetingId: 'm1' });
    await settle();
    expect(hub.of('subscribe').at(-1)).toEqual({ meetingId: 'm1', after: null });
    hub.answer('subscribe', ({ after }) => {
      if (after !== null) throw new ApiError('revision_unknown', 'restored');
      return { revision: 2, snapshot: snapshot({ revision: 2 }) };
    });
    hub.disconnect();
    hub.reconnect();
    await settle();
    expect(hub.of('subscribe').at(-1)).toEqual({ meetingId: 'm1', after: null });
  });

  it('says why it cannot be followed', async () => {
    const hub = new TestHub().answer('subscribe', () => {
      throw new ApiError('not_found', 'nothing here');
    });
    const meeting = new Meeting('m1', hub.link);
    meeting.start();
    await settle();
    expect(meeting.error.value?.code).toBe('not_found');
  });

  it('stops on request', async () => {
    const { hub, meeting } = await followed();
    meeting.stop();
    hub.event(6, hidden);
    expect(meeting.snapshot.value?.revision).toBe(5);
    expect(hub.of('unsubscribe')).toEqual([{ meetingId: 'm1' }]);
  });
});

describe('a ballot', () => {
  it('is sent again with the same id when the connection broke before the answer', async () => {
    const { hub, meeting } = await followed();
    hub.answer('poll.cast', () => {
      hub.disconnect();
      throw new ApiError('disconnected', 'broke');
    });
    const receipt = meeting.ballots.vote('p1', 'yes');
    await settle();
    expect(meeting.ballots.cast.value.get('p1')).toEqual({ optionId: 'yes', receipt: null });
    hub.answer('poll.cast', () => ({ receipt: 'ABCD-EFGH-JKMN' }));
    hub.reconnect();
    await expect(receipt).resolves.toBe('ABCD-EFGH-JKMN');
    const sent = hub.of('poll.cast');
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]?.ballotId).toMatch(/^[A-Za-z0-9_-]{16,40}$/u);
    expect(meeting.ballots.cast.value.get('p1')?.receipt).toBe('ABCD-EFGH-JKMN');
  });

  it('is sent again when the hub did not answer in time', async () => {
    const { hub, meeting } = await followed();
    let calls = 0;
    hub.answer('poll.cast', () => {
      calls += 1;
      if (calls === 1) throw new ApiError('timeout', 'slow');
      return { receipt: 'R' };
    });
    await expect(meeting.ballots.vote('p1', 'no')).resolves.toBe('R');
    expect(new Set(hub.of('poll.cast').map((one) => one.ballotId)).size).toBe(1);
  });

  it('is given up when the hub refuses it', async () => {
    const { hub, meeting } = await followed();
    hub.answer('poll.cast', () => {
      throw new ApiError('poll_not_open', 'closed');
    });
    await expect(meeting.ballots.vote('p1', 'yes')).resolves.toBeNull();
    expect(meeting.ballots.cast.value.has('p1')).toBe(false);
    expect(meeting.ballots.refused.value.get('p1')).toMatchObject({ code: 'poll_not_open' });
  });
});

describe('attendance', () => {
  it('is said at the start, after each reconnect, and when the meeting’s state changes', async () => {
    const { hub, meeting } = await followed();
    const attendance = new Attendance(meeting, { mode: 'remote', siteId: 's1', hall: null });
    attendance.start();
    await settle();
    expect(hub.of('attend')).toEqual([{ meetingId: 'm1', mode: 'remote', siteId: 's1' }]);
    hub.disconnect();
    hub.reconnect();
    await settle();
    expect(hub.of('attend')).toHaveLength(2);
    hub.event(6, hidden);
    await settle();
    expect(hub.of('attend'), 'not for every event').toHaveLength(2);
    hub.event(7, { type: 'meeting', meeting: { ...snapshot().meeting, state: 'suspended' } });
    await settle();
    expect(hub.of('attend')).toHaveLength(3);
    attendance.end();
    expect(hub.of('depart')).toHaveLength(1);
  });

  const hall = endpoint('h1', null, { name: 'North hall', siteId: 's9' });
  const inHall = { mode: 'in_person', siteId: 's1', hall } as const;
  const roomIs = (hub: TestHub, endpoints: Endpoint[]) => hub.say({ type: 'room', meetingId: 'm1', endpoints });

  it('names the hall and its site, and the hall’s next endpoint when it joined anew', async () => {
    const { hub, meeting } = await followed();
    roomIs(hub, [hall]);
    new Attendance(meeting, inHall).start();
    await settle();
    expect(hub.of('attend')).toEqual([{ meetingId: 'm1', mode: 'in_person', siteId: 's9', via: 'h1' }]);
    roomIs(hub, []);
    await settle();
    expect(hub.of('attend'), 'a hall that is away is still the hall').toHaveLength(1);
    roomIs(hub, [{ ...hall, id: 'h2' }]);
    await settle();
    expect(hub.of('attend').at(-1)).toMatchObject({ via: 'h2' });
  });

  it('does without the hall while the hub does not know it', async () => {
    const { hub, meeting } = await followed();
    let known = false;
    hub.answer('attend', ({ via }) => {
      if (via && !known) throw new ApiError('no_such_media_object', 'no such hall');
      return {};
    });
    new Attendance(meeting, inHall).start();
    await settle();
    expect(hub.of('attend').map((one) => one['via'])).toEqual(['h1', undefined]);
    known = true;
    roomIs(hub, [hall]);
    await settle();
    expect(hub.of('attend').at(-1)).toMatchObject({ via: 'h1', siteId: 's9' });
  });

  it('takes a refusal without an error', async () => {
    const { hub, meeting } = await followed();
    hub.answer('attend', () => {
      throw new ApiError('wrong_state', 'not open');
    });
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    new Attendance(meeting, { mode: 'remote', siteId: null, hall: null }).start();
    await settle();
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });
});
