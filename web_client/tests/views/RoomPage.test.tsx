import { fireEvent, render, screen } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Endpoint, Me } from '../../src/protocol/generated';
import { Meeting } from '../../src/state/meeting';
import { me } from '../../src/state/session';
import RoomPage from '../../src/views/room/RoomPage';
import { settle, TestHub } from '../hub';
import { endpoint, ME, snapshot } from '../samples';
import { installBrowser } from './roomWorld';

const followed = vi.hoisted(() => ({ meeting: null as unknown }));
vi.mock('../../src/state/follow', () => ({ useMeeting: () => followed.meeting }));

const NORTH = endpoint('h1', null, { name: 'North hall', siteId: 's1' });
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => installBrowser());

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
  expect(hub.requests.filter(({ type }) => type.startsWith('media.'))).toEqual([]);
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
  await enter();
  fireEvent.click(screen.getByTestId('leave'));
  await later();
  expect(hub.of('media.join')).toHaveLength(1);
  expect([...hub.of('attend'), ...hub.of('depart')]).toEqual([]);
});
