import { fireEvent, render, screen, within } from '@testing-library/preact';
import type { VNode } from 'preact';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChatMessage, Poll, Snapshot } from '../../src/protocol/generated';
import { latestResult, sceneOf } from '../../src/views/display/scene';
import { DisplayScreen } from '../../src/views/display/DisplayScreen';
import { largestFitting } from '../../src/views/display/useFit';
import { hallMeeting } from '../../src/views/hall/HallHome';
import { pieces } from '../../src/views/room/chat/links';
import { cutOff } from '../../src/views/room/poll/CutOff';
import { mayPresent, stagePaper } from '../../src/views/room/presenting/presented';
import { Room } from '../../src/views/room/Room';
import { pointOn, scrollBy, topLeft } from '../../src/views/paper/place';
import { folded, occurrences } from '../../src/views/paper/search';
import { Presenting } from '../../src/state/presenting';
import { expectAccessible } from '../axe';
import { settle } from '../hub';
import { endpoint, item, paper, person, poll, snapshot, speaker } from '../samples';
import { installBrowser, roomWorld, type RoomWorld } from './roomWorld';

beforeEach(() => {
  installBrowser();
  sessionStorage.clear();
  localStorage.clear();
});

function Live({ world }: { world: RoomWorld }): VNode {
  return <Room room={world.view()} onLeave={() => undefined} />;
}

async function draw(change: Partial<Snapshot>): Promise<RoomWorld> {
  const world = await roomWorld(change, [endpoint('e2', 'b')]);
  render(<Live world={world} />);
  await settle();
  return world;
}

const open = (name: RegExp) => fireEvent.click(screen.getByRole('tab', { name }));
const secretary = { myRole: 'secretary' as const };
const MESSAGE: ChatMessage = {
  id: 'm1',
  number: 1,
  authorId: 'b',
  audience: 'secretariat',
  recipientId: null,
  text: '<b>bold</b> https://elsewhere.example/x',
  sentAt: '2026-11-21T08:00:00Z',
  removed: false,
};

describe('a message', () => {
  it('links to pages of this client and to nothing else', () => {
    const origin = 'https://plenum.example';
    const words = `see ${origin}/meetings/m1, https://evil.example/ ${origin}/nowhere javascript:alert(1)`;
    const links = pieces(words, origin).filter((one) => one.path !== null);
    expect(links).toEqual([{ text: `${origin}/meetings/m1`, path: '/meetings/m1' }]);
    expect(
      pieces(words, origin)
        .map((one) => one.text)
        .join(''),
    ).toBe(words);
    expect(pieces('https://plenum.example.evil/meetings/m1', origin)[0]?.path).toBeNull();
  });

  it('is shown as words, answered privately, and removed after a second thought', async () => {
    const { hub } = await draw({ ...secretary, chat: { messages: [MESSAGE], earlier: false } });
    open(/^Chat/u);
    const line = screen.getByTestId('chat-message');
    expect(line.textContent).toContain('<b>bold</b>');
    expect(line.querySelector('a, b')).toBeNull();
    fireEvent.click(within(line).getByTestId('chat-answer'));
    fireEvent.input(screen.getByTestId('chat-text'), { target: { value: 'Coming' } });
    fireEvent.click(screen.getByTestId('chat-send'));
    await settle();
    expect(hub.of('chat.send')).toMatchObject([{ audience: 'secretariat', recipientId: 'b', text: 'Coming' }]);
    fireEvent.click(within(line).getByTestId('chat-remove'));
    expect(hub.of('chat.remove')).toEqual([]);
    fireEvent.click(screen.getByTestId('chat-remove-confirm'));
    expect(hub.of('chat.remove')).toEqual([{ meetingId: 'm1', messageId: 'm1' }]);
    await expectAccessible();
  });

  it('to everyone is not taken while the chat is off, to the secretariat it is', async () => {
    await draw({ sitting: { chatOpen: false, floorOpen: true } });
    open(/^Chat/u);
    fireEvent.input(screen.getByTestId('chat-text'), { target: { value: 'Hello' } });
    expect(screen.getByTestId('chat-send')).toHaveProperty('disabled', true);
    fireEvent.change(screen.getByTestId('chat-to'), { target: { value: 'secretariat' } });
    fireEvent.input(screen.getByTestId('chat-text'), { target: { value: 'Hello' } });
    expect(screen.getByTestId('chat-send')).toHaveProperty('disabled', false);
  });
});

describe('running the meeting', () => {
  it('calls the roll by keys, person after person', async () => {
    const { hub } = await draw({ ...secretary, participants: [person('a'), person('b')] });
    open(/^Run/u);
    fireEvent.click(screen.getByTestId('roll-call'));
    const [first] = within(screen.getByTestId('roll-row-a')).getAllByRole('button');
    first?.focus();
    fireEvent.keyDown(document.activeElement ?? document.body, { key: '3' });
    expect(document.activeElement?.closest('[data-row]')).toBe(screen.getByTestId('roll-row-b'));
    fireEvent.keyDown(document.activeElement ?? document.body, { key: '2' });
    expect(hub.of('roll_call')).toMatchObject([
      { personId: 'a', status: 'excused' },
      { personId: 'b', status: 'present', mode: 'remote' },
    ]);
    await expectAccessible();
  });

  it('gives the chair fewer actions', async () => {
    await draw({ myRole: 'chair' });
    open(/^Run/u);
    expect(screen.getByTestId('run-next')).toBeTruthy();
    expect(screen.queryByTestId('roll-call')).toBeNull();
    expect(screen.queryByTestId('announce')).toBeNull();
  });

  it('announces, and keeps what was typed when that fails', async () => {
    const { hub } = await draw(secretary);
    open(/^Run/u);
    fireEvent.input(screen.getByTestId('announce-text'), { target: { value: 'Break' } });
    fireEvent.click(screen.getByTestId('announce'));
    await settle();
    expect(hub.of('announce')).toEqual([{ meetingId: 'm1', text: 'Break' }]);
    const announcement = { id: 'x', text: 'Break', madeBy: 'a', madeAt: '2026-11-21T08:00:00Z' };
    expect(hub.connection.value).toBe('online');
    render(<Live world={await roomWorld({ announcement })} />);
    expect(screen.getByTestId('announcement').textContent).toContain('Break');
  });

  it('limits the floor, interrupts and gives it back, and closes the list', async () => {
    localStorage.setItem('plenum.speaking-seconds', '60');
    const speakers = [speaker('s1', 'b', { state: 'speaking', limitSeconds: 60, startedAt: '2026-11-21T08:00:00Z' })];
    const { hub } = await draw({ ...secretary, speakers });
    open(/^Floor/u);
    fireEvent.click(screen.getByTestId('pause-floor-s1'));
    expect(hub.of('floor.pause')).toEqual([{ meetingId: 'm1', speakerId: 's1' }]);
    fireEvent.click(screen.getByTestId('floor-list'));
    expect(hub.of('sitting.set')).toEqual([{ meetingId: 'm1', floorOpen: false }]);
    expect(screen.getByTestId('speaking-time').textContent).toMatch(/over$/u);
  });

  it('tells who is cut off while a poll is open', () => {
    const lost = { ...person('b').presence, connected: false };
    const away = { ...person('c').presence, status: 'absent' as const };
    const state = snapshot({ participants: [person('a'), person('b', { presence: lost }), person('c', { presence: away })] });
    const found = cutOff(state, poll('p1'));
    expect([found.lost.map((one) => one.personId), found.absent.map((one) => one.personId)]).toEqual([['b'], ['c']]);
  });

  it('annuls a poll with a reason, and repeats one that has ended', async () => {
    const { hub } = await draw({ ...secretary, polls: [poll('p1')] });
    open(/^Poll/u);
    fireEvent.click(screen.getByTestId('poll-annul'));
    expect(screen.getByTestId('annul-confirm')).toHaveProperty('disabled', true);
    fireEvent.input(screen.getByTestId('annul-reason'), { target: { value: 'Cut off' } });
    fireEvent.click(screen.getByTestId('annul-confirm'));
    await settle();
    expect(hub.of('poll.annul')).toEqual([{ meetingId: 'm1', pollId: 'p1', reason: 'Cut off' }]);
  });
});

describe('the stage', () => {
  it('shows what is presented to those who follow and may read it', async () => {
    const world = await roomWorld({ items: [item('i1', 1, { papers: [paper('d1')] })] });
    const room = world.view();
    const presenting = new Presenting(room.meeting, 'a');
    const place = { paperId: 'd1', version: 2, page: 3, x: 0, y: 0, zoom: 1, pointer: null };
    expect(stagePaper(room, presenting, null)).toBeNull();
    presenting.presented.value = { personId: 'b', place };
    expect(stagePaper(room, presenting, null)).toMatchObject({ paper: { id: 'd1', version: 2 } });
    presenting.presented.value = { personId: 'b', place: { ...place, paperId: 'secret' } };
    expect(stagePaper(room, presenting, null)).toBe('withheld');
    presenting.attached.value = false;
    expect(stagePaper(room, presenting, null)).toBeNull();
  });

  it('lets chair and secretary present, and others for their item or with the floor', () => {
    expect(mayPresent(snapshot({ myRole: 'chair' }), 'a')).toBe(true);
    expect(mayPresent(snapshot(), 'a')).toBe(false);
    expect(mayPresent(snapshot({ speakers: [speaker('s', 'a', { state: 'speaking' })] }), 'a')).toBe(true);
    expect(mayPresent(snapshot({ items: [item('i1', 1, { presenterId: 'a' })] }), 'a')).toBe(true);
    expect(mayPresent(snapshot({ myRole: 'observer', items: [item('i1', 1, { presenterId: 'a' })] }), 'a')).toBe(false);
  });

  it('finds the same place of a page in a view of another size', () => {
    const sheet = { left: 10, top: -300, width: 500, height: 1000 };
    expect(topLeft({ left: 0, top: 0, width: 600, height: 400 }, sheet)).toEqual({ x: 0, y: 0.3 });
    const small = { left: 0, top: 100, width: 250, height: 500 };
    expect(scrollBy({ left: 0, top: 100, width: 300, height: 200 }, small, { x: 0, y: 0.3 })).toEqual({ left: 0, top: 150 });
    expect(pointOn(sheet, 260, 200)).toEqual([0.5, 0.5]);
    expect(pointOn(sheet, 0, 0)).toBeNull();
  });

  it('finds words without their marks', () => {
    expect(folded('Trạm  BƠM Đồng')).toBe('tram bom dong');
    expect(occurrences('abcabc', 'bc')).toBe(2);
    expect(occurrences('abc', '')).toBe(0);
  });
});

const RESULT: Poll = poll('p1', {
  state: 'published',
  closedAt: '2026-11-21T08:00:00Z',
  result: {
    counts: { yes: 2, no: 1, abstain: 0 },
    entitled: 3,
    present: 3,
    cast: 3,
    notVoting: 0,
    absent: 0,
    percentages: { yes: '66.67' },
    verdict: 'carried',
    derivation: [],
  },
});
const AT = Date.parse('2026-11-21T08:01:00Z');

describe('the projector page', () => {
  it('follows the meeting: an open poll, its result, then the floor', () => {
    expect(sceneOf(snapshot({ polls: [poll('p2'), RESULT] }), AT)).toMatchObject({ kind: 'poll', poll: { id: 'p2' } });
    expect(sceneOf(snapshot({ polls: [RESULT] }), AT)).toMatchObject({ kind: 'result' });
    expect(sceneOf(snapshot({ polls: [RESULT] }), AT + 600_000)).toEqual({ kind: 'floor' });
    const speakers = [speaker('s', 'b', { state: 'speaking', startedAt: '2026-11-21T08:00:30Z' })];
    expect(sceneOf(snapshot({ polls: [RESULT], speakers }), AT)).toEqual({ kind: 'floor' });
    const { meeting } = snapshot();
    expect(sceneOf(snapshot({ meeting: { ...meeting, state: 'suspended' }, polls: [RESULT] }), AT)).toEqual({ kind: 'waiting' });
    expect(latestResult(snapshot({ polls: [poll('p2', { state: 'annulled', closedAt: '2026-11-21T08:00:30Z' }), RESULT] }))?.id).toBe('p1');
  });

  it('makes letters only as small as they must be', () => {
    const tried: number[] = [];
    const upTo = (limit: number) => (factor: number) => tried.push(factor) > 0 && factor <= limit;
    expect(largestFitting(upTo(1))).toBe(1);
    expect(tried).toEqual([1]);
    for (const limit of [0.95, 0.6, 0.33]) {
      const factor = largestFitting(upTo(limit));
      expect(factor).toBeLessThanOrEqual(limit);
      expect(factor).toBeGreaterThan(limit - 0.02);
    }
    expect(largestFitting(() => false)).toBe(0.3);
  });

  it('shows who has voted and never how', async () => {
    const ballots = [{ personId: 'a', optionId: 'no', receipt: null, ballotId: null, castAt: '2026-11-21T08:00:00Z' }];
    const info = { organisation: 'Co-operative', siteName: 'North' };
    render(<DisplayScreen snapshot={snapshot({ polls: [poll('p1', { ballots })] })} info={info} connected={false} />);
    expect(screen.getByTestId('display-turnout').textContent).toContain('1 of 3');
    expect([...document.querySelectorAll('[data-seat]')].map((one) => (one as HTMLElement).dataset.seat)).toEqual(['voted', 'present', 'present']);
    expect(screen.getByTestId('display-lost')).toBeTruthy();
    await expectAccessible();
  });
});

describe('a hall', () => {
  it('goes to the meeting in session before one that is only convened', () => {
    const line = (id: string, state: 'convened' | 'in_session' | 'archived', hour: number) =>
      ({ id, state, startsAt: `2026-11-21T0${hour}:00:00Z` }) as Parameters<typeof hallMeeting>[0][number];
    expect(hallMeeting([line('1', 'convened', 7), line('2', 'in_session', 8), line('3', 'archived', 6)])?.id).toBe('2');
    expect(hallMeeting([line('3', 'archived', 6)])).toBeUndefined();
  });
});
