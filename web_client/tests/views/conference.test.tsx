import { fireEvent, render, screen, within } from '@testing-library/preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { VNode } from 'preact';
import type { Endpoint, Snapshot } from '../../src/protocol/generated';
import { markRead } from '../../src/state/readPapers';
import { Lobby } from '../../src/views/lobby/Lobby';
import { hubFinding, relayFinding } from '../../src/views/lobby/ConnectionCheck';
import { setLayout } from '../../src/views/room/layout';
import { Room } from '../../src/views/room/Room';
import { expectAccessible } from '../axe';
import { settle as turns } from '../hub';
import { endpoint, item, paper, person, speaker } from '../samples';
import { installBrowser, roomWorld, type RoomWorld } from './roomWorld';

/** Let everything that was promised happen, and be drawn. */
const settle = () => act(() => turns());
const microphone = { id: 'p-mic', kind: 'audio', source: 'microphone', paused: false } as const;
const loud = (id: string, personId: string, change: Partial<Endpoint> = {}) =>
  endpoint(id, personId, { producers: [{ ...microphone, id: `mic-${id}` }], ...change });

beforeEach(() => {
  installBrowser();
  localStorage.clear();
  setLayout('gallery');
});

function Live({ world }: { world: RoomWorld }): VNode {
  return <Room room={world.view()} onLeave={vi.fn()} />;
}

async function draw(change: Partial<Snapshot> = {}, others: Endpoint[] = [loud('e2', 'b')]): Promise<RoomWorld> {
  const world = await roomWorld(change, others);
  render(<Live world={world} />);
  await settle();
  return world;
}

describe('quiet', () => {
  const chair = { myRole: 'chair' as const };

  it('mutes one, a site, or everybody but who has the floor', async () => {
    const speakers = [speaker('s', 'c', { state: 'speaking' })];
    const participants = [person('a', { role: 'chair' }), person('b'), person('c')];
    const room = [loud('e2', 'b', { siteId: 's1' }), loud('e3', 'c', { siteId: 's1' })];
    const { hub } = await draw({ ...chair, speakers, participants }, room);
    fireEvent.click(screen.getByTestId('quiet-e2'));
    fireEvent.click(screen.getByTestId('quiet-site-s1'));
    fireEvent.click(screen.getByTestId('quiet-all'));
    expect(hub.of('media.mute').map((one) => one.endpointIds)).toEqual([['e2'], ['e2', 'e3'], ['e2']]);
    await expectAccessible();
  });

  it('asks somebody who is muted to speak, and does no more', async () => {
    const { hub } = await draw(chair, [endpoint('e2', 'b')]);
    fireEvent.click(screen.getByTestId('ask-unmute-e2'));
    expect(hub.of('media.ask_unmute')).toEqual([{ meetingId: 'm1', endpointIds: ['e2'] }]);
  });

  it('is not for members', async () => {
    await draw({ participants: [person('a'), person('b')] });
    expect(screen.queryByTestId('quiet-e2')).toBeNull();
    expect(screen.queryByTestId('quiet-all')).toBeNull();
  });

  it('says who muted the microphone here, and who wants to hear it', async () => {
    const { session } = await draw();
    session.moderated.value = { type: 'moderated', meetingId: 'm1', action: 'muted', by: 'Person b' };
    await settle();
    expect(screen.getByTestId('moderated-muted').textContent).toContain('Person b muted your microphone');
    session.moderated.value = { type: 'moderated', meetingId: 'm1', action: 'unmute_wanted', by: 'Person b' };
    await settle();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('moderated-dismiss'));
    await settle();
    expect(screen.queryByTestId('moderated-unmute_wanted')).toBeNull();
    expect(session.microphone.on.value).toBe(false);
  });
});

describe('connections', () => {
  it('of others are told in words, as their pages measure them', async () => {
    const { hub } = await draw({ participants: [person('a'), person('b')] });
    hub.say({ type: 'ephemeral', meetingId: 'm1', personId: 'b', key: 'quality', value: 'weak' });
    await settle();
    expect(within(screen.getByTestId('tile-e2')).getByText('Connection weak')).toBeTruthy();
    hub.say({ type: 'ephemeral', meetingId: 'm1', personId: 'b', key: 'quality', value: 'good' });
    await settle();
    expect(within(screen.getByTestId('tile-e2')).queryByText('Connection weak')).toBeNull();
  });

  it('that broke and came back are told once each, one banner at a time', async () => {
    vi.useFakeTimers();
    const pass = (ms: number) =>
      settle().then(() =>
        act(async () => {
          await vi.advanceTimersByTimeAsync(ms);
        }),
      );
    try {
      const { hub, session } = await draw();
      session.pathLost.value = true;
      await pass(800);
      expect(screen.getByTestId('path-lost')).toBeTruthy();
      hub.disconnect();
      await pass(800);
      expect(screen.queryByTestId('path-lost')).toBeNull();
      expect(screen.getByTestId('reconnecting')).toBeTruthy();
      expect(screen.queryByTestId('reload')).toBeNull();
      await pass(20_000);
      expect(screen.getByTestId('reload')).toBeTruthy();
      session.pathLost.value = false;
      hub.reconnect();
      await pass(10);
      expect(screen.getByTestId('connection-back')).toBeTruthy();
      await pass(5_000);
      expect(screen.queryByTestId('connection-back')).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the layout', () => {
  const room = Array.from({ length: 20 }, (_, index) => endpoint(`x${index}`, `p${index}`));

  it('shows the chair large at a key, and remembers that', async () => {
    await draw({ participants: [person('a'), person('b'), person('c', { role: 'chair' })] }, [
      endpoint('e2', 'b'),
      endpoint('e3', 'c'),
    ]);
    fireEvent.keyDown(document.body, { key: 'l', code: 'KeyL' });
    await settle();
    expect(within(screen.getByTestId('featured')).getByTestId('tile-e3')).toBeTruthy();
    expect(localStorage.getItem('plenum.layout')).toBe('speaker');
    await expectAccessible();
    fireEvent.click(screen.getByTestId('layout'));
    await settle();
    expect(screen.queryByTestId('featured')).toBeNull();
  });

  it('has sixteen on a page, and the rest on the next', async () => {
    await draw({}, room);
    expect(document.querySelectorAll('.gallery .tile')).toHaveLength(16);
    fireEvent.click(screen.getByTestId('page-after'));
    await settle();
    expect(document.querySelectorAll('.gallery .tile')).toHaveLength(4);
    expect(screen.getByText('2 of 2')).toBeTruthy();
  });

  it('has six on a page of a phone', async () => {
    installBrowser(false);
    await draw({}, room);
    expect(document.querySelectorAll('.gallery .tile')).toHaveLength(6);
  });
});

describe('keys', () => {
  const people = { participants: [person('a'), person('b')] };

  it('open and close a panel, and do nothing while one types', async () => {
    await draw(people);
    fireEvent.keyDown(document.body, { key: 'p', code: 'KeyP' });
    await settle();
    expect(screen.getByRole('tab', { name: /^Papers/u }).getAttribute('aria-selected')).toBe('true');
    const field = document.createElement('input');
    document.body.append(field);
    fireEvent.keyDown(field, { key: 'e', code: 'KeyE' });
    await settle();
    expect(screen.getByRole('tab', { name: /^Papers/u }).getAttribute('aria-selected')).toBe('true');
    field.remove();
  });

  it('held for talking turn the microphone on and off again, unless a button has the focus', async () => {
    const { session } = await draw(people);
    const set = vi.spyOn(session.microphone, 'set').mockResolvedValue();
    fireEvent.keyDown(screen.getByTestId('leave'), { key: ' ' });
    expect(set).not.toHaveBeenCalled();
    fireEvent.keyDown(document.body, { key: ' ' });
    fireEvent.keyDown(document.body, { key: ' ', repeat: true });
    fireEvent.keyUp(document.body, { key: ' ' });
    expect(set.mock.calls).toEqual([[true], [false]]);
  });
});

describe('devices', () => {
  it('that were unplugged are named', async () => {
    const { session } = await draw();
    session.camera.unplugged.value = { was: 'Desk camera', now: null };
    await settle();
    expect(screen.getByText(/“Desk camera” was unplugged and there is no other camera/u)).toBeTruthy();
  });

  it('and layout are chosen while the meeting goes on', async () => {
    await draw();
    fireEvent.click(screen.getByTestId('settings'));
    await settle();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('layout-speaker'));
    await settle();
    expect(screen.getByTestId('featured')).toBeTruthy();
  });
});

describe('the check before joining', () => {
  it.each([
    [relayFinding({ protocol: 'udp', roundTripMs: 24.4 }), 'good', 24],
    [relayFinding({ protocol: 'udp', roundTripMs: 500 }), 'weak', 500],
    [relayFinding({ protocol: 'tcp', roundTripMs: 0.2 }), 'weak', 1],
    [relayFinding({ protocol: 'turn', roundTripMs: 31 }), 'weak', 31],
    [hubFinding(12), 'good', 12],
    [hubFinding(900), 'weak', 900],
  ])('%o', (finding, tone, ms) => {
    expect([finding.tone, finding.args?.ms]).toEqual([tone, ms]);
  });

  it('names the papers that were not opened here', async () => {
    const items = [item('i1', 1, { papers: [paper('d1'), paper('d2')] })];
    const world = await roomWorld({ items });
    markRead('/api/v1/meetings/m1/papers/d1/versions/2');
    render(<Lobby room={world.view()} memory={null} onEnter={vi.fn()} onReturn={vi.fn()} />);
    await settle();
    const unread = within(screen.getByTestId('unread'));
    expect(unread.getAllByRole('link').map((one) => one.getAttribute('href'))).toEqual(['/meetings/m1/papers/d2']);
  });

  it('says that nothing leads to the relay, and lets one join', async () => {
    const world = await roomWorld();
    render(<Lobby room={world.view()} memory={null} onEnter={vi.fn()} onReturn={vi.fn()} />);
    await settle();
    expect(screen.getByTestId('net-relay').dataset.tone).toBe('bad');
    expect(screen.getByTestId('net-hub').dataset.tone).toBe('good');
    expect(screen.getByTestId('join')).toBeTruthy();
  });
});
