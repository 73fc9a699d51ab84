import { describe, expect, it } from 'vitest';
import { answer, fastestPath } from '../../src/rtc/relayCheck';

const pair = (state: string, remote: string, seconds: number) => ({
  id: `pair-${remote}`,
  type: 'candidate-pair',
  state,
  remoteCandidateId: remote,
  currentRoundTripTime: seconds,
});
const udp = { id: 'u', type: 'remote-candidate', protocol: 'udp' };
const tcp = { id: 't', type: 'remote-candidate', protocol: 'tcp' };

describe('the way to the relay', () => {
  it('is by UDP where that works', () => {
    expect(fastestPath([udp, tcp, pair('succeeded', 't', 0.01), pair('succeeded', 'u', 0.024)])).toEqual({
      protocol: 'udp',
      roundTripMs: 24,
    });
  });

  it('is by TCP where nothing else works', () => {
    const found = fastestPath([udp, tcp, pair('failed', 'u', 0), pair('succeeded', 't', 0.03)]);
    expect(found).toEqual({ protocol: 'tcp', roundTripMs: 30 });
  });

  it('is over a TURN server where nothing leads there directly', () => {
    const relayed = { id: 'l', type: 'local-candidate', candidateType: 'relay', protocol: 'udp' };
    const detour = { ...pair('succeeded', 'u', 0.04), id: 'detour', localCandidateId: 'l' };
    expect(fastestPath([udp, relayed, detour])).toEqual({ protocol: 'turn', roundTripMs: 40 });
    expect(fastestPath([udp, tcp, relayed, detour, pair('succeeded', 't', 0.03)]).protocol).toBe('tcp');
    expect(fastestPath([udp, relayed, detour, pair('succeeded', 'u', 0.02)]).protocol).toBe('udp');
  });

  it('is not there before a check succeeded', () => {
    expect(fastestPath([udp, pair('in-progress', 'u', 0)])).toEqual({ protocol: null });
  });
});

describe('the relay’s answer', () => {
  const offer = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n';

  it('takes the offered section with the probe’s parameters', () => {
    const candidate = { foundation: 'f', priority: 7, ip: '192.0.2.7', address: '192.0.2.7', protocol: 'udp' };
    const sdp = answer(offer, {
      routerRtpCapabilities: {},
      iceServers: [],
      transport: {
        id: 't1',
        iceParameters: { usernameFragment: 'uf', password: 'pw', iceLite: true },
        iceCandidates: [
          { ...candidate, port: 40000, type: 'host' },
          { ...candidate, protocol: 'tcp', tcpType: 'passive', port: 40001, type: 'host' },
        ],
        dtlsParameters: { role: 'auto', fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
      },
    });
    expect(sdp.split('\r\n')).toEqual(
      expect.arrayContaining([
        'm=audio 7 UDP/TLS/RTP/SAVPF 111',
        'a=rtpmap:111 opus/48000/2',
        'a=ice-lite',
        'a=fingerprint:sha-256 AB:CD',
        'a=ice-ufrag:uf',
        'a=candidate:f 1 udp 7 192.0.2.7 40000 typ host',
        'a=candidate:f 1 tcp 7 192.0.2.7 40001 typ host tcptype passive',
      ]),
    );
  });
});
