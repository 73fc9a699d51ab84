import { effect } from '@preact/signals';
import { LiveSocket } from '../protocol/socket';
import { forgetSession, learnServerTime, loadSession, me } from './session';

function open(): WebSocket {
  return new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`);
}

/** This page's connection to the hub. It is opened when a meeting is followed and closed at sign-out. */
export const live = new LiveSocket({
  open,
  onServerTime: learnServerTime,
  onRefused: () => {
    loadSession().catch(() => undefined); // the session may have ended; if the hub is away, the retry goes on
  },
});

live.onNotice((notice) => {
  if (notice.type === 'session_ended') forgetSession();
});
effect(() => {
  if (me.value === null) live.close();
});
for (const change of ['online', 'offline', 'pageshow']) addEventListener(change, () => live.wake());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') live.wake();
});
