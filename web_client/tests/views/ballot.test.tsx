import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import type { VNode } from 'preact';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/protocol/generated';
import { PollCard } from '../../src/views/room/PollCard';
import { expectAccessible } from '../axe';
import { settle } from '../hub';
import { poll } from '../samples';
import { installBrowser, roomWorld, type RoomWorld } from './roomWorld';

beforeEach(() => installBrowser());

function Card({ world }: { world: RoomWorld }): VNode {
  const room = world.view();
  const [first] = room.snapshot.polls;
  return first ? <PollCard room={room} poll={first} /> : <p>none</p>;
}

async function draw(change: Partial<Snapshot>): Promise<RoomWorld> {
  const world = await roomWorld(change);
  render(<Card world={world} />);
  await settle();
  return world;
}

describe('a ballot', () => {
  it('keeps what was chosen over a reload until it is cast', async () => {
    const before = await draw({ polls: [poll('p1')] });
    fireEvent.click(screen.getByTestId('poll-no'));
    cleanup();
    expect(before.hub.of('poll.cast')).toEqual([]);
    const { hub } = await draw({ polls: [poll('p1')] });
    hub.answer('poll.cast', () => ({ receipt: 'ABCD-EFGH-JKMN' }));
    expect(screen.getByTestId('poll-no').getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(screen.getByTestId('poll-confirm'));
    await settle();
    expect(hub.of('poll.cast')[0]).toMatchObject({ optionId: 'no' });
    cleanup();
    await draw({ polls: [poll('p1')] });
    expect(screen.getByTestId('poll-no').getAttribute('aria-pressed')).toBe('false');
  });

  it('keeps no choice of a poll whose choices are hidden', async () => {
    await draw({ polls: [poll('p1', { kind: 'named_hidden' })] });
    fireEvent.click(screen.getByTestId('poll-no'));
    cleanup();
    await draw({ polls: [poll('p1', { kind: 'named_hidden' })] });
    expect(screen.getByTestId('poll-no').getAttribute('aria-pressed')).toBe('false');
  });

  it('forgets a choice once the poll is over', async () => {
    await draw({ polls: [poll('p1')] });
    fireEvent.click(screen.getByTestId('poll-no'));
    cleanup();
    await draw({ polls: [poll('p1', { state: 'annulled' })] });
    cleanup();
    await draw({ polls: [poll('p1')] });
    expect(screen.getByTestId('poll-no').getAttribute('aria-pressed')).toBe('false');
  });
});

describe('a draft', () => {
  it('is deleted after a question', async () => {
    const { hub } = await draw({ myRole: 'chair', polls: [poll('p1', { state: 'draft' })] });
    fireEvent.click(screen.getByTestId('poll-delete'));
    await expectAccessible();
    expect(hub.of('poll.delete')).toEqual([]);
    fireEvent.click(screen.getByTestId('poll-delete-confirm'));
    await settle();
    expect(hub.of('poll.delete')).toEqual([{ meetingId: 'm1', pollId: 'p1' }]);
  });
});
