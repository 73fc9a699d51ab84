import type { Probe } from '../protocol/generated';

/** Which way leads to the relay, and how long a check takes there and back. */
export type RelayPath =
  | { readonly protocol: 'udp' | 'tcp' | 'turn'; readonly roundTripMs: number }
  | { readonly protocol: null };

const NONE: RelayPath = { protocol: null };
const WITHIN_MS = 6_000;
const LOOK_EVERY_MS = 100;
/** How long a way by UDP may take to show itself when there is a worse one already. */
const PREFER_UDP_MS = 1_500;

interface Candidate {
  readonly foundation: string;
  readonly priority: number;
  readonly address: string;
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly tcpType?: string;
}

/**
 * Check the way to the relay for real: ICE with a transport that the hub opened for it, without any sound or picture.
 *
 * Nothing is sent but ICE checks (RFC 8445 §7.2), and the first bytes of a DTLS handshake that nobody answers.
 */
export async function checkRelay(probe: Probe, withinMs = WITHIN_MS): Promise<RelayPath> {
  const peer = new RTCPeerConnection({ iceServers: probe.iceServers as unknown as RTCIceServer[] });
  try {
    peer.addTransceiver('audio', { direction: 'recvonly' });
    await peer.setLocalDescription(await peer.createOffer());
    await peer.setRemoteDescription({ type: 'answer', sdp: answer(peer.localDescription?.sdp ?? '', probe) });
    return await firstPath(peer, withinMs);
  } finally {
    peer.close();
  }
}

async function firstPath(peer: RTCPeerConnection, withinMs: number): Promise<RelayPath> {
  const until = Date.now() + withinMs;
  let found = NONE;
  let foundAt = Infinity;
  while (Date.now() < until && Date.now() - foundAt < PREFER_UDP_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const path = fastestPath([...(await peer.getStats()).values()] as Record<string, unknown>[]);
    if (path.protocol === 'udp') return path;
    if (path.protocol && !found.protocol) foundAt = Date.now(); // by TCP, or by a TURN server
    if (path.protocol) found = path;
  }
  return found;
}

/** The way that works: UDP before TCP, and a TURN server last. */
export function fastestPath(statistics: readonly Record<string, unknown>[]): RelayPath {
  const byId = new Map(statistics.map((one) => [one.id, one]));
  const paths = statistics
    .filter((one) => one.type === 'candidate-pair' && one.state === 'succeeded')
    .map((pair) => ({
      protocol: wayOf(byId.get(pair.localCandidateId), byId.get(pair.remoteCandidateId)),
      roundTripMs: Number(pair.currentRoundTripTime ?? 0) * 1000,
    }));
  const find = (protocol: string) => paths.find((one) => one.protocol === protocol);
  return find('udp') ?? find('tcp') ?? find('turn') ?? NONE;
}

function wayOf(here?: Record<string, unknown>, there?: Record<string, unknown>): 'udp' | 'tcp' | 'turn' {
  if (here?.candidateType === 'relay') return 'turn';
  return there?.protocol === 'tcp' ? 'tcp' : 'udp';
}

/** The relay's side in SDP (RFC 8866, RFC 8839): the offered section with the probe's ICE and DTLS parameters. */
export function answer(offer: string, { transport }: Probe): string {
  const ice = transport.iceParameters as { usernameFragment: string; password: string };
  const [fingerprint] = (transport.dtlsParameters as { fingerprints: { algorithm: string; value: string }[] }).fingerprints;
  const media = /^m=audio \d+ (?<profile>\S+) (?<type>\d+)/mu.exec(offer)?.groups;
  const codec = new RegExp(String.raw`^a=rtpmap:${media?.type ?? ''} .*$`, 'mu').exec(offer)?.[0];
  const mid = /^a=mid:(?<mid>\S+)/mu.exec(offer)?.groups?.mid ?? '0';
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=fingerprint:${fingerprint?.algorithm ?? ''} ${fingerprint?.value ?? ''}`,
    `m=audio 7 ${media?.profile ?? ''} ${media?.type ?? ''}`,
    'c=IN IP4 127.0.0.1',
    ...(codec ? [codec] : []),
    `a=mid:${mid}`,
    'a=setup:passive',
    'a=sendonly',
    'a=rtcp-mux',
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    ...(transport.iceCandidates as unknown as Candidate[]).map(candidateLine),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function candidateLine({ foundation, priority, address, protocol, port, tcpType }: Candidate): string {
  const tcp = protocol === 'tcp' ? ` tcptype ${tcpType ?? 'passive'}` : '';
  return `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ host${tcp}`;
}
