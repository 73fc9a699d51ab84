import { fireEvent, render, screen } from '@testing-library/preact';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EndedView, LeftView } from '../../src/views/room/AfterRoom';
import { Lobby } from '../../src/views/lobby/Lobby';
import { expectAccessible } from '../axe';
import { installBrowser, roomWorld } from './roomWorld';

beforeEach(() => installBrowser());
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the lobby', () => {
  it('says what is wrong with the devices, and lets one join all the same', async () => {
    const world = await roomWorld();
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} onEnter={onEnter} />);
    await later();
    expect(screen.getByText(/No microphone was found/u)).toBeTruthy();
    expect(screen.getByText(/No camera was found/u)).toBeTruthy();
    expect(screen.getByText('3 people are in')).toBeTruthy();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenCalledExactlyOnceWith('remote', true);
  });

  it('keeps sound and devices off in the hall', async () => {
    const world = await roomWorld();
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} onEnter={onEnter} />);
    fireEvent.click(screen.getByTestId('mode-in_person'));
    await later();
    fireEvent.click(screen.getByTestId('join'));
    expect(onEnter).toHaveBeenCalledExactlyOnceWith('in_person', false);
  });

  it('offers to listen only', async () => {
    const world = await roomWorld();
    const onEnter = vi.fn();
    render(<Lobby room={world.view()} onEnter={onEnter} />);
    fireEvent.click(screen.getByTestId('join-listening'));
    await later();
    expect(onEnter).toHaveBeenCalledExactlyOnceWith('remote', true);
    expect(world.session.microphone.on.value).toBe(false);
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
