import { fireEvent, render, screen, within } from '@testing-library/preact';
import type { VNode } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { setPictureMode } from '../../src/rtc/pictureMode';
import { Room } from '../../src/views/room/Room';
import { expectAccessible } from '../axe';
import { settle as turns } from '../hub';
import { endpoint, person } from '../samples';
import { installBrowser, roomWorld, type RoomWorld } from './roomWorld';

const settle = () => act(() => turns());
const video = (source: 'camera' | 'screen') => ({ id: `p-${source}`, kind: 'video', source, paused: false }) as const;
const remote = (source: 'camera' | 'screen') => ({
  endpointId: 'e2',
  source,
  producerId: `p-${source}`,
  consumerId: `c-${source}`,
  track: { id: source, kind: 'video' } as MediaStreamTrack,
});

beforeEach(() => {
  installBrowser();
  localStorage.clear();
  setPictureMode('automatic');
});

function Live({ world }: { world: RoomWorld }): VNode {
  return <Room room={world.view()} onLeave={vi.fn()} />;
}

async function draw(...sources: ('camera' | 'screen')[]): Promise<RoomWorld> {
  const other = endpoint('e2', 'b', { producers: sources.map(video) });
  const world = await roomWorld({ participants: [person('a'), person('b')] }, [other]);
  world.session.tracks.value = sources.map(remote);
  render(<Live world={world} />);
  await settle();
  return world;
}

const tile = () => within(screen.getByTestId('tile-e2'));
const hasPicture = () => !screen.getByTestId('tile-e2').querySelector('video')?.hidden;

describe('what is spent on pictures', () => {
  it('is chosen in the settings, said in words, and remembered', async () => {
    await draw('camera');
    expect(screen.queryByTestId('picture-mode')).toBeNull();
    fireEvent.click(screen.getByTestId('settings'));
    await settle();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('pictures-low'));
    await settle();
    expect(screen.getByTestId('picture-mode').textContent).toBe('Save data');
    expect(localStorage.getItem('plenum.pictures')).toBe('low');
    expect(hasPicture()).toBe(true);
    fireEvent.click(screen.getByTestId('pictures-sound'));
    await settle();
    expect(screen.getByTestId('picture-mode').textContent).toBe('Sound only');
    expect(hasPicture()).toBe(false);
  });

  it('may be nothing: that a screen is shared is said, and one press shows it', async () => {
    setPictureMode('sound');
    await draw('camera', 'screen');
    expect(screen.queryByTestId('screen')).toBeNull();
    expect(screen.getByTestId('no-screen').textContent).toContain('sharing a screen');
    await expectAccessible();
    fireEvent.click(screen.getByTestId('show-pictures'));
    await settle();
    expect(screen.getByTestId('screen')).toBeTruthy();
  });
});

describe('a picture that does not come', () => {
  it('is said to be paused, and why', async () => {
    const { session } = await draw('camera');
    expect(tile().queryByText(/Picture paused/u)).toBeNull();
    session.pictures.paused.value = new Set(['c-camera']);
    await settle();
    expect(tile().getByText('Picture paused: the connection is slow')).toBeTruthy();
    await expectAccessible();
  });

  it('is said to be one that this browser cannot show', async () => {
    const { session } = await draw('camera', 'screen');
    session.tracks.value = [];
    session.undecodable.value = new Set(['p-camera', 'p-screen']);
    await settle();
    expect(tile().getByText('This browser cannot show this picture')).toBeTruthy();
    expect(screen.getByTestId('no-screen').textContent).toContain('cannot show this picture');
    expect(screen.queryByTestId('show-pictures')).toBeNull();
    await expectAccessible();
  });
});

describe('the connection', () => {
  it('is told in figures to who asks, with everybody’s in words', async () => {
    const { session } = await draw('camera');
    session.quality.measured.value = {
      sendLoss: 0.012,
      receiveLoss: 0,
      roundTripMs: 24.4,
      outgoingBps: null,
      frozen: null,
      sentBps: 812_000,
      receivedBps: 1_490_000,
      path: 'direct-udp',
    };
    fireEvent.click(screen.getByTestId('connection'));
    await settle();
    const figures = screen.getByTestId('connection-figures').textContent;
    for (const words of ['1.2 %', '0 %', '24 ms', '812 kbit/s', '1,490 kbit/s', 'direct, UDP', 'not known yet']) {
      expect(figures).toContain(words);
    }
    expect(within(screen.getByTestId('connection-dialog')).getByText('Connected', { selector: 'li span' })).toBeTruthy();
    await expectAccessible();
  });
});
