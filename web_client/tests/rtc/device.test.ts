import type { types } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectedBy, extended, preferringTheNewest, redundantly } from '../../src/rtc/device';
import type { Connections } from '../../src/rtc/roaming';

const OFFER = 'v=0\r\nm=audio 9 X 111 63\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n';
const ANSWER = 'v=0\r\nm=audio 9 X 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n';

class Connection extends EventTarget {
  static last: Connection;
  localDescription = { type: 'offer', sdp: OFFER };
  setRemoteDescription = vi.fn<(description: RTCSessionDescriptionInit) => Promise<void>>(async () => undefined);
  answered = this.setRemoteDescription;

  constructor() {
    super();
    Connection.last = this;
  }
}

function made(direction: 'send' | 'recv', handlers = redundantly(Chrome111.createFactory({}))): types.HandlerInterface {
  const iceParameters = { usernameFragment: 'u', password: 'p', iceLite: true };
  const fingerprints = [{ algorithm: 'sha-256' as const, value: 'AA' }];
  const getSendExtendedRtpCapabilities = () => ({ codecs: [], headerExtensions: [] });
  return handlers.factory({
    direction,
    iceParameters,
    iceCandidates: [],
    dtlsParameters: { role: 'auto', fingerprints },
    getSendExtendedRtpCapabilities,
  });
}

beforeEach(() => vi.stubGlobal('MediaStream', EventTarget));
beforeEach(() => vi.stubGlobal('RTCPeerConnection', Connection));
afterEach(() => vi.unstubAllGlobals());

describe('a device of Chromium', () => {
  test('answers what it sends with redundancy: the handler still keeps its connection where it is looked for', async () => {
    made('send');
    const { answered, setRemoteDescription } = Connection.last;
    await setRemoteDescription({ type: 'answer', sdp: ANSWER });
    expect(answered.mock.calls[0]?.[0].sdp).toContain('m=audio 9 X 63 111');
  });

  test('receives as before', async () => {
    made('recv');
    const { answered, setRemoteDescription } = Connection.last;
    expect(setRemoteDescription).toBe(answered);
  });

  test('ranks what the relay offers by its generation', async () => {
    made('recv', preferringTheNewest(Chrome111.createFactory({})));
    const { answered, setRemoteDescription } = Connection.last;
    for (const ufrag of ['a', 'a+1']) {
      await setRemoteDescription({ type: 'offer', sdp: `a=ice-ufrag:${ufrag}\r\na=candidate:udpcandidate 1 udp 2130706431 ::1 5 typ host\r\n` });
    }
    const [first, second] = answered.mock.calls.map(([{ sdp }]) => Number(sdp?.split(' ')[3]));
    expect(second).toBeGreaterThan(first ?? 0);
  });

  test('knows the header extensions of sound', async () => {
    const uri = 'urn:ietf:params:rtp-hdrext:sdes:mid';
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => ({ headerExtensions: [{ uri }] }) });
    const read = async () => ({ codecs: [], headerExtensions: [{ kind: 'video' as const, uri, preferredId: 4 }] });
    const handlers = { ...Chrome111.createFactory({}), getNativeRtpCapabilities: read } as types.HandlerFactory;
    const { headerExtensions } = await extended(handlers).getNativeRtpCapabilities({ direction: 'recvonly' });
    expect(headerExtensions?.map((one) => one.kind)).toEqual(['video', 'audio']);
  });

  test('connects as it is told, and leaves the name to others', () => {
    class Roaming extends Connection {}
    made('recv', connectedBy(Roaming as unknown as Connections, Chrome111.createFactory({})));
    expect(Connection.last).toBeInstanceOf(Roaming);
    expect(RTCPeerConnection).toBe(Connection);
  });
});
