import { fireEvent, render, screen } from '@testing-library/preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import type { Endpoint, Me } from '../../src/protocol/generated';
import { Meeting } from '../../src/state/meeting';
import { remember, type RoomMemory } from '../../src/state/roomMemory';
import { me } from '../../src/state/session';
import RoomPage from '../../src/views/room/RoomPage';
import { expectAccessible } from '../axe';
import { settle, TestHub } from '../hub';
import { endpoint, ME, snapshot } from '../samples';
import { installBrowser } from './roomWorld';

const followed = vi.hoisted(() => ({ meeting: null as unknown }));
vi.mock('../../src/state/follow', () => ({ useMeeting: () => followed.meeting }));

const NORTH = endpoint('h1', null, { name: 'North hall', siteId: 's1' });
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  installBrowser();
  sessionStorage.clear();
});

async function arrive(account: Me, endpoints: Endpoint[]): Promise<TestHub> {
  const hub = new TestHub();
  const myRole = account.roles.includes('room') ? 'room' : 'member';
  hub.answer('subscribe', () => ({ revision: 5, snapshot: snapshot({ myRole }) }));
  hub.answer('media.join', () => new Promise(() => undefined));
  me.value = account;
  const meeting = new Meeting('m1', hub.link);
  followed.meeting = meeting;
  meeting.start();
  await settle();
  hub.say({ type: 'room', meetingId: 'm1', endpoints });
  render(<RoomPage id="m1" />);
  await later();
  return hub;
}

async function enter(): Promise<void> {
  fireEvent.click(screen.getByTestId('join'));
  await later();
}

test('from afar one is present and has media', async () => {
  const hub = await arrive(ME, [NORTH]);
  await enter();
  expect(hub.of('attend')).toEqual([{ meetingId: 'm1', mode: 'remote', siteId: 's1' }]);
  expect(hub.of('media.join')).toHaveLength(1);
});

test('in a hall one is present there, without media of one’s own, until the session ends', async () => {
  const hub = await arrive(ME, [NORTH]);
  fireEvent.click(screen.getByTestId('mode-in_person'));
  await later();
  await enter();
  expect(hub.of('attend')).toEqual([{ meetingId: 'm1', mode: 'in_person', siteId: 's1', via: 'h1' }]);
  expect(hub.requests.filter(({ type }) => type.startsWith('media.') && type !== 'media.probe')).toEqual([]);
  expect(screen.getByTestId('in-hall')).toBeTruthy();
  expect(screen.getByTestId('tile-h1')).toBeTruthy();
  hub.event(6, { type: 'meeting', meeting: { ...snapshot().meeting, state: 'adjourned' } });
  await later();
  expect(screen.getByText('The meeting’s room is closed')).toBeTruthy();
});

test('in person without a connected hall no hall is named', async () => {
  const hub = await arrive(ME, []);
  fireEvent.click(screen.getByTestId('mode-in_person'));
  await later();
  await enter();
  expect(hub.of('attend')).toEqual([{ meetingId: 'm1', mode: 'in_person', siteId: 's1' }]);
});

test('a hall has media and no presence', async () => {
  const hub = await arrive({ ...ME, personId: 'h', roles: ['room'] }, []);
  fireEvent.click(screen.getByTestId('hall-start'));
  await later();
  fireEvent.click(screen.getByTestId('leave'));
  await later();
  expect(hub.of('media.join')).toHaveLength(1);
  expect([...hub.of('attend'), ...hub.of('depart')]).toEqual([]);
});

describe('after a reload', () => {
  const memory = (change: Partial<RoomMemory> = {}) =>
    remember({
      meetingId: 'm1',
      mode: 'remote',
      hallId: null,
      sound: true,
      microphone: false,
      camera: false,
      endpointId: 'e7',
      at: Date.now(),
      ...change,
    });
  const arrived = (type: string) =>
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type } as unknown as PerformanceEntry]);

  test('one is back in the room by oneself, with the endpoint that the page had', async () => {
    memory();
    arrived('reload');
    const hub = await arrive(ME, []);
    await vi.waitFor(() => expect(hub.of('media.join')).toHaveLength(1));
    expect(hub.of('media.join')).toEqual([
      { meetingId: 'm1', endpointId: 'e7', takeOver: false, transports: true, rtpCapabilities: null },
    ]);
    expect(screen.getByTestId('leave')).toBeTruthy();
  });

  test.each([
    ['in a copy of the window', 'navigate', {}],
    ['after more than a minute', 'reload', { at: Date.now() - 61_000 }],
  ])('one is asked %s', async (_, type, change) => {
    memory(change);
    arrived(type);
    const hub = await arrive(ME, []);
    expect(hub.of('media.join')).toEqual([]);
    fireEvent.click(screen.getByTestId('return'));
    await later();
    expect(hub.of('media.join')).toHaveLength(1);
  });

  test('another meeting, or one left on purpose, is not remembered', async () => {
    memory({ meetingId: 'm2' });
    arrived('reload');
    await arrive(ME, []);
    expect(screen.queryByTestId('return')).toBeNull();
  });
});

test('in another window one is asked which is to be used', async () => {
  const hub = await arrive(ME, []);
  hub.answer('media.join', () => {
    throw new ApiError('endpoint_elsewhere', 'another window');
  });
  await enter();
  await expectAccessible();
  fireEvent.click(screen.getByTestId('use-here'));
  await later();
  expect(hub.of('media.join').map((one) => one.takeOver)).toEqual([false, true]);
});
