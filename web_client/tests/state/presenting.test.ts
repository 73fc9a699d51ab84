import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import type { Shown } from '../../src/protocol/generated';
import { Meeting } from '../../src/state/meeting';
import { Presenting } from '../../src/state/presenting';
import { settle, TestHub } from '../hub';
import { snapshot } from '../samples';

function at(page: number, paperId = 'd1'): Shown {
  return { paperId, version: 1, page, x: 0, y: 0, zoom: 1, pointer: null };
}

async function sit(): Promise<{ hub: TestHub; presenting: Presenting }> {
  const hub = new TestHub();
  hub.answer('subscribe', () => ({ revision: 5, snapshot: snapshot() }));
  const meeting = new Meeting('m1', hub.link);
  meeting.start();
  await settle();
  const presenting = new Presenting(meeting, 'a');
  presenting.start();
  await settle();
  return { hub, presenting };
}

function says(hub: TestHub, personId: string, place: Shown | null): void {
  const value = place && JSON.stringify(place);
  hub.say({ type: 'ephemeral', meetingId: 'm1', personId, key: 'page', value });
}

const sent = (hub: TestHub, key: string) =>
  hub
    .of('ephemeral')
    .filter((one) => one.key === key)
    .map((one) => one.value);

describe('presenting', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  it('tells the latest place only, a few times a second', async () => {
    const { hub, presenting } = await sit();
    presenting.present(at(1));
    presenting.present(at(2));
    expect(sent(hub, 'page')).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(sent(hub, 'page').map((one) => JSON.parse(String(one)).page)).toEqual([2]);
    expect(presenting.mine).toBe(true);
    presenting.end();
    expect(sent(hub, 'page').at(-1)).toBeNull();
    expect(presenting.presented.value).toBeNull();
  });

  it('follows by itself when somebody begins, and comes back after reading alone', async () => {
    const { hub, presenting } = await sit();
    presenting.attached.value = false;
    says(hub, 'b', at(1));
    expect(presenting.attached.value).toBe(true);
    presenting.detach();
    says(hub, 'b', at(2));
    expect(presenting.attached.value).toBe(false);
    expect(presenting.presented.value?.place.page).toBe(2);
    presenting.attach();
    expect(sent(hub, 'follow').slice(-2)).toEqual([null, '1']);
    says(hub, 'b', null);
    expect(presenting.presented.value).toBeNull();
  });

  it('counts the followers as the hub tells them', async () => {
    const { hub, presenting } = await sit();
    presenting.present(at(1));
    hub.say({ type: 'ephemeral', meetingId: 'm1', personId: 'a', key: 'follow', value: '3' });
    expect(presenting.followers.value).toBe(3);
  });

  it('tells its place again to a hub that was restarted, and forgets what others no longer present', async () => {
    const { hub, presenting } = await sit();
    presenting.present(at(4));
    vi.advanceTimersByTime(200);
    hub.disconnect();
    hub.reconnect();
    await settle();
    expect(sent(hub, 'page')).toHaveLength(2);
    presenting.end();
    says(hub, 'b', at(1));
    hub.disconnect();
    hub.reconnect();
    await settle();
    expect(presenting.presented.value, 'nothing was told after the reconnect').toBeNull();
  });

  it('leaves the table to somebody who began while its own connection was lost', async () => {
    const { hub, presenting } = await sit();
    presenting.present(at(4));
    vi.advanceTimersByTime(200);
    hub.disconnect();
    hub.answer('ephemeral', (body) => {
      if (body.key === 'follow') says(hub, 'b', at(1));
      return {};
    });
    hub.reconnect();
    await settle();
    expect(presenting.mine).toBe(false);
    expect(presenting.presented.value?.personId).toBe('b');
    expect(sent(hub, 'page'), 'nothing was said against the one who began').toHaveLength(1);
  });

  it('ends when the right to present has ended', async () => {
    const { hub, presenting } = await sit();
    hub.answer('ephemeral', (body) =>
      body.key === 'page' && body.value ? Promise.reject(new ApiError('denied', 'not your turn')) : {},
    );
    presenting.present(at(1));
    vi.advanceTimersByTime(200);
    await settle();
    expect(presenting.mine).toBe(false);
    expect(presenting.refused.value).toMatchObject({ code: 'denied' });
  });
});
