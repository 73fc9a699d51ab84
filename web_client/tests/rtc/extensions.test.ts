import { afterEach, describe, expect, test, vi } from 'vitest';
import { withBothKinds } from '../../src/rtc/extensions';

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const RID = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';

const read = {
  codecs: [],
  headerExtensions: [
    { kind: 'video' as const, uri: MID, preferredId: 4 },
    { kind: 'audio' as const, uri: LEVEL, preferredId: 1 },
    { kind: 'video' as const, uri: RID, preferredId: 10 },
  ],
} as Parameters<typeof withBothKinds>[0];
const told = (capabilities: ReturnType<typeof withBothKinds>) =>
  capabilities.headerExtensions?.map(({ kind, uri, preferredId }) => [kind, uri, preferredId]);

describe('the header extensions of a browser', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('are those of each kind, under the numbers that both share', () => {
    const supported = { audio: [LEVEL, MID], video: [MID, RID] };
    expect(told(withBothKinds(read, (kind) => supported[kind]))).toEqual([...(told(read) ?? []), ['audio', MID, 4]]);
  });

  test('are none that it does not have', () => {
    expect(withBothKinds(read, () => [])).toEqual(read);
    expect(withBothKinds({ codecs: [] }, () => [MID]).headerExtensions).toEqual([]);
  });

  test('are asked of the browser', () => {
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: (kind: string) => (kind === 'audio' ? { headerExtensions: [{ uri: MID }] } : null) });
    expect(told(withBothKinds(read))).toContainEqual(['audio', MID, 4]);
  });
});
