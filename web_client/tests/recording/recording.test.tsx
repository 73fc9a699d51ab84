import { fireEvent, render, screen } from '@testing-library/preact';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActiveRecording, RecordingInfo, RecordingList } from '../../src/protocol/generated';
import { RecordingBanner, RecordingNotice } from '../../src/views/recording/RecordingBanner';
import { RecordingControl } from '../../src/views/recording/RecordingControl';
import { Recordings } from '../../src/views/recording/Recordings';
import { announcements } from '../../src/views/room/announcements';
import { snapshot } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, type FakeHub } from '../ui/fakeHub';
import { installBrowser } from '../views/roomWorld';

const ACTIVE: ActiveRecording = { id: 'r1', number: 1, state: 'recording', startedAt: '2027-03-01T02:00:00Z', startedBy: 'b' };
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

function recorded(state: ActiveRecording['state'] | null, allowed = true) {
  return snapshot({ recording: { allowed, active: state && { ...ACTIVE, state } } });
}

let hub: FakeHub;
beforeEach(() => {
  installBrowser();
  hub = fakeHub();
});

describe('what everybody sees', () => {
  it.each([
    ['recording', 'This meeting is being recorded'],
    ['waiting', 'nothing is being recorded right now'],
    ['stopping', 'being ended'],
  ] as const)('tells that it is %s', async (state, words) => {
    render(<RecordingBanner snapshot={recorded(state)} />);
    expect(screen.getByRole('status').textContent).toContain(words);
    await expectAccessible();
  });

  it('says nothing while nothing is on, and that it ended', () => {
    render(<RecordingBanner snapshot={recorded(null)} />);
    expect(screen.getByTestId('recording-banner').textContent).toBe('');
    expect(announcements(recorded('recording'), recorded(null), 'a')).toEqual([['recording-say-ended']]);
    expect(announcements(recorded(null), recorded('recording'), 'a')).toEqual([]);
  });

  it('is told before joining', () => {
    const { rerender } = render(<RecordingNotice snapshot={recorded('recording')} />);
    expect(screen.getByTestId('recording-notice').textContent).toContain('you are recorded too');
    rerender(<RecordingNotice snapshot={recorded(null)} />);
    expect(screen.getByTestId('recording-notice').textContent).toContain('may be recorded');
    rerender(<RecordingNotice snapshot={recorded(null, false)} />);
    expect(screen.queryByTestId('recording-notice')).toBeNull();
  });
});

describe('starting and stopping', () => {
  it('asks before it begins', async () => {
    hub.on('POST /meetings/m1/recordings', { id: 'r1' });
    render(<RecordingControl snapshot={recorded(null)} />);
    fireEvent.click(screen.getByTestId('recording-start'));
    expect(hub.calls).toEqual([]);
    fireEvent.click(screen.getByTestId('recording-start-confirm'));
    await later();
    expect(hub.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /meetings/m1/recordings']);
  });

  it('stops what runs', async () => {
    hub.on('POST /meetings/m1/recordings/stop', null);
    render(<RecordingControl snapshot={recorded('waiting')} />);
    fireEvent.click(screen.getByTestId('recording-stop'));
    fireEvent.click(screen.getByTestId('recording-stop-confirm'));
    await later();
    expect(hub.calls.map(({ path }) => path)).toEqual(['/meetings/m1/recordings/stop']);
  });

  it('is not offered where recording is not allowed', () => {
    render(<RecordingControl snapshot={recorded(null, false)} />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('what was recorded', () => {
  const info: RecordingInfo = {
    id: 'r1',
    number: 1,
    state: 'ended',
    startedAt: '2027-03-01T02:00:00Z',
    startedBy: 'b',
    stoppedAt: '2027-03-01T03:00:00Z',
    stoppedBy: null,
    reason: 'meeting_over',
    deletedOn: '2027-05-30T03:00:00Z',
    manifestSha256: 'a'.repeat(64),
    files: [
      {
        number: 1,
        part: 1,
        partBeganAt: '2027-03-01T02:00:00Z',
        name: 'Hoàng Lan',
        source: 'camera',
        kind: 'video',
        firstMs: 500,
        lastMs: 60_500,
        losses: 0,
        size: 12_000_000,
        sha256: 'b'.repeat(64),
        complete: false,
      },
    ],
  };
  const list: RecordingList = { possible: true, allowed: true, recordings: [info], withheld: 1 };

  async function show(found: RecordingList = list): Promise<void> {
    hub.on('GET /meetings/m1/recordings', found);
    render(<Recordings snapshot={recorded(null)} />);
    await later();
  }

  it('is listed with its files and the day on which it goes', async () => {
    await show();
    expect(screen.getByTestId('recorded').textContent).toContain('It ended with the meeting.');
    expect(screen.getByText('Hoàng Lan · camera')).toBeTruthy();
    expect(screen.getByText(/1:00 · 12.MB · broken off/u)).toBeTruthy();
    expect(screen.getByText(/covers a restricted item/u)).toBeTruthy();
    await expectAccessible();
  });

  it('is destroyed after a question', async () => {
    await show();
    hub.on('DELETE /meetings/m1/recordings/r1', null);
    fireEvent.click(screen.getByTestId('recording-delete'));
    fireEvent.click(screen.getByTestId('recording-delete-confirm'));
    await later();
    expect(hub.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('is allowed and forbidden for the meeting', async () => {
    await show({ ...list, recordings: [], withheld: 0 });
    const put = vi.fn(() => null);
    hub.on('PUT /meetings/m1/recording-policy', put);
    fireEvent.click(screen.getByTestId('recording-allow'));
    await later();
    expect(hub.calls.find(({ method }) => method === 'PUT')?.body).toEqual({ allowed: false });
    expect(put).toHaveBeenCalledOnce();
  });

  it('is not spoken of where the deployment has none', async () => {
    await show({ possible: false, allowed: false, recordings: [], withheld: 0 });
    expect(screen.queryByTestId('recordings')).toBeNull();
  });
});
