import { fireEvent, render, screen } from '@testing-library/preact';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EndedView, LeftView } from '../../src/views/room/AfterRoom';
import { Lobby } from '../../src/views/lobby/Lobby';
import { expectAccessible } from '../axe';
import type { Endpoint } from '../../src/protocol/generated';
import { endpoint, ME } from '../samples';
import { installBrowser, roomWorld } from './roomWorld';

beforeEach(() => installBrowser());
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the lobby', () => {
  it('says what is wrong with the devices, and lets one join all the same', async () => {
    const world = await roomWorld();
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} memory={null} onEnter={onEnter} onReturn={vi.fn()} />);
    await later();
    expect(screen.getByText(/No microphone was found/u)).toBeTruthy();
    expect(screen.getByText(/No camera was found/u)).toBeTruthy();
    expect(screen.getByText('3 people are in')).toBeTruthy();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenCalledExactlyOnceWith({ mode: 'remote', hall: null, sound: true });
  });

  it('keeps sound and devices off in the hall', async () => {
    const world = await roomWorld();
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} memory={null} onEnter={onEnter} onReturn={vi.fn()} />);
    fireEvent.click(screen.getByTestId('mode-in_person'));
    await later();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenCalledExactlyOnceWith({ mode: 'in_person', hall: null, sound: false });
  });

  it('offers to listen only', async () => {
    const world = await roomWorld();
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} memory={null} onEnter={onEnter} onReturn={vi.fn()} />);
    fireEvent.click(screen.getByTestId('join-listening'));
    await later();
    expect(onEnter).toHaveBeenCalledExactlyOnceWith({ mode: 'remote', hall: null, sound: true });
    expect(world.session.microphone.on.value).toBe(false);
  });
});

describe('in a hall', () => {
  const north = endpoint('h1', null, { name: 'North hall', siteId: 's1', siteName: 'North' });
  const south = endpoint('h2', null, { name: 'South hall', siteId: 's2', siteName: 'South' });

  async function sit(halls: Endpoint[]): Promise<ReturnType<typeof vi.fn>> {
    const world = await roomWorld({}, halls);
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} memory={null} onEnter={onEnter} onReturn={vi.fn()} />);
    fireEvent.click(screen.getByTestId('mode-in_person'));
    await later();
    return onEnter;
  }

  it('one’s own site’s hall is chosen, and another can be', async () => {
    const onEnter = await sit([south, north]);
    const choice = screen.getByTestId<HTMLSelectElement>('hall');
    expect([...choice.options].map((option) => option.text)).toEqual([
      'South hall · South',
      'North hall · North',
      'Another place',
    ]);
    expect(choice.value).toBe('h1');
    expect(screen.queryByTestId('lobby-camera')).toBeNull();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenLastCalledWith({ mode: 'in_person', hall: north, sound: false });
    fireEvent.change(choice, { target: { value: 'h2' } });
    await later();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenLastCalledWith({ mode: 'in_person', hall: south, sound: false });
    fireEvent.change(choice, { target: { value: '' } });
    await later();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenLastCalledWith({ mode: 'in_person', hall: null, sound: false });
  });

  it('a hall of another site is not chosen by itself', async () => {
    const onEnter = await sit([south]);
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenLastCalledWith({ mode: 'in_person', hall: null, sound: false });
  });

  it('without a connected hall there is nothing to choose', async () => {
    await sit([]);
    expect(screen.getByTestId('no-hall')).toBeTruthy();
    await expectAccessible();
  });

  it('itself, one only checks its devices', async () => {
    const account = { ...ME, personId: 'h', roles: ['room' as const] };
    const world = await roomWorld({ myRole: 'room' }, [], { account });
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} memory={null} onEnter={onEnter} onReturn={vi.fn()} />);
    await later();
    expect(screen.queryByTestId('mode-remote')).toBeNull();
    expect(screen.getByTestId('lobby-camera')).toBeTruthy();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenCalledExactlyOnceWith({ mode: 'remote', hall: null, sound: true });
  });
});

describe('after the room', () => {
  it('one may go back in', async () => {
    const world = await roomWorld();
    const onAgain = vi.fn();
    render(<LeftView room={world.view()} onAgain={onAgain} />);
    await expectAccessible();
    fireEvent.click(screen.getByTestId('rejoin'));
    expect(onAgain).toHaveBeenCalledOnce();
  });

  it('one may continue here what another window took over, but not what has ended', async () => {
    const world = await roomWorld();
    const { unmount } = render(<EndedView room={world.view()} reason="taken_over" onAgain={() => undefined} />);
    expect(screen.getByRole('button', { name: 'Continue here' })).toBeTruthy();
    unmount();
    render(<EndedView room={world.view()} reason="ended" onAgain={() => undefined} />);
    expect(screen.queryByTestId('rejoin')).toBeNull();
  });
});
