import { describe, expect, test } from 'vitest';
import { redundantType, withRedundancy } from '../../src/rtc/redundancy';

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;
const SESSION = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0'];
const OFFERED = ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10', 'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111'];
const VIDEO = ['m=video 9 UDP/TLS/RTP/SAVPF 96 116', 'a=mid:1', 'a=rtpmap:96 VP8/90000', 'a=rtpmap:116 red/90000'];
const OFFER = lines(...SESSION, 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63', 'a=mid:0', ...OFFERED, ...VIDEO);
const answer = (mid = '0') =>
  lines(
    ...SESSION,
    'm=audio 7 UDP/TLS/RTP/SAVPF 111',
    `a=mid:${mid}`,
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 useinbandfec=1',
    ...VIDEO,
  );

describe('sound that is sent redundantly', () => {
  test('an answer takes it first where it was offered', () => {
    expect(withRedundancy(answer(), OFFER)).toBe(
      lines(
        ...SESSION,
        'm=audio 7 UDP/TLS/RTP/SAVPF 63 111',
        'a=mid:0',
        'a=rtpmap:63 red/48000/2',
        'a=fmtp:63 111/111',
        'a=rtpmap:111 opus/48000/2',
        'a=fmtp:111 useinbandfec=1',
        ...VIDEO,
      ),
    );
    expect(redundantType(OFFER, '0')).toBe(63);
  });

  test('where it was not offered nothing changes', () => {
    const plain = OFFER.replace('a=fmtp:63 111/111\r\n', '');
    expect(withRedundancy(answer(), plain)).toBe(answer());
    expect(withRedundancy(answer('2'), OFFER)).toBe(answer('2'));
    expect(redundantType(plain, '0')).toBeNull();
    expect(redundantType(OFFER, '1')).toBeNull();
  });

  test('a section that is closed stays closed', () => {
    const closed = lines(...SESSION, 'm=audio 0 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=inactive');
    expect(withRedundancy(closed, OFFER)).toBe(closed);
  });
});
