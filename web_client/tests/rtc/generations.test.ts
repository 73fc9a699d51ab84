import { describe, expect, test } from 'vitest';
import { Generations } from '../../src/rtc/generations';

const UDP = 2_130_706_431;
const TCP = 1_526_726_399;
const PEER_REFLEXIVE = 110 * 2 ** 24;

const described = (ufrag: string) =>
  ['v=0', 'm=audio 7 X 111', `a=ice-ufrag:${ufrag}`, `a=candidate:udpcandidate 1 udp ${UDP} 10.0.0.1 5 typ host`]
    .concat(`a=candidate:tcpcandidate 1 tcp ${TCP} 10.0.0.1 5 typ host tcptype passive`, 'a=end-of-candidates', '')
    .join('\r\n');
const priorities = (sdp: string) => [...sdp.matchAll(/^a=candidate:\S+ 1 \S+ (\d+) /gm)].map(([, one]) => Number(one));

describe('candidates of the relay', () => {
  test('rank lower than what Chromium has itself, and keep their order', () => {
    const [udp, tcp] = priorities(new Generations().ranked(described('a')));
    expect(udp).toBeLessThan(PEER_REFLEXIVE);
    expect(tcp).toBeLessThan(udp ?? 0);
  });

  test('rank higher with each generation, in which all descriptions are alike', () => {
    const generations = new Generations();
    const ranked = ['a', 'a', 'a+1', 'a+1', 'b'].map((ufrag) => priorities(generations.ranked(described(ufrag)))[0] ?? 0);
    const [first, again, second, secondAgain, third] = ranked as [number, number, number, number, number];
    expect([again, secondAgain]).toEqual([first, second]);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });

  test('rank higher still after a day of restarts', () => {
    const generations = new Generations();
    const ranked = Array.from({ length: 1_000 }, (_, count) => priorities(generations.ranked(described(`u${count}`)))[0] ?? 0);
    expect(new Set(ranked).size).toBe(1_000);
    expect(ranked).toEqual(ranked.toSorted((one, other) => one - other));
  });

  test('over TCP never rank as high as one over UDP, however many generations there were', () => {
    const generations = new Generations();
    const [lowest] = priorities(generations.ranked(described('0')));
    for (let count = 1; count <= 5_000; count += 1) generations.ranked(described(String(count)));
    const [udp, tcp] = priorities(generations.ranked(described('last')));
    expect(tcp).toBeLessThan(lowest ?? 0);
    expect(udp).toBeLessThan(PEER_REFLEXIVE);
  });

  test('are all of a description that is changed', () => {
    const strip = (sdp: string) => sdp.replaceAll(/^(a=candidate:\S+ 1 \S+ )\d+/gm, '$1');
    expect(strip(new Generations().ranked(described('a')))).toBe(strip(described('a')));
  });
});
