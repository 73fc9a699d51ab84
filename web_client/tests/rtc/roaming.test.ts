import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { roamingConnections } from '../../src/rtc/roaming';

/** Tells of these candidates when it begins to gather. */
function connections(...candidates: (object | null)[]) {
  return class Connection extends EventTarget {
    static closed = 0;
    addTransceiver = vi.fn<() => void>();

    async setLocalDescription(): Promise<void> {
      for (const candidate of candidates) this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
    }

    close(): void {
      Connection.closed += 1;
    }
  };
}

const Own = connections();
const inTheFrame = (Connection: unknown) =>
  vi
    .spyOn(HTMLIFrameElement.prototype, 'contentWindow', 'get')
    .mockReturnValue({ RTCPeerConnection: Connection } as unknown as Window);

beforeEach(() => vi.stubGlobal('RTCPeerConnection', Own));
afterEach(() => vi.unstubAllGlobals());
afterEach(() => vi.restoreAllMocks());

describe('connections that stay when the address changes', () => {
  test('are those of a hidden frame that may use neither camera nor microphone', async () => {
    const Roaming = connections({ candidate: 'candidate:1' });
    inTheFrame(Roaming);
    expect(await roamingConnections()).toBe(Roaming);
    const frame = document.querySelector('iframe');
    expect(frame?.hidden).toBe(true);
    expect(frame?.allow).toBe("camera 'none'; microphone 'none'");
    expect(Roaming.closed).toBe(1);
  });

  test('one frame serves all calls', async () => {
    inTheFrame(connections({}));
    await roamingConnections();
    await roamingConnections();
    expect(document.querySelectorAll('iframe')).toHaveLength(1);
  });

  test('are the page’s own where those of the frame find no candidates', async () => {
    inTheFrame(connections(null));
    expect(await roamingConnections()).toBe(Own);
  });

  test('or do not find any soon', async () => {
    vi.useFakeTimers();
    try {
      inTheFrame(connections());
      const found = roamingConnections();
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await found).toBe(Own);
    } finally {
      vi.useRealTimers();
    }
  });
});
