/** How a description names sound that repeats what was sent before (RFC 2198), and the Opus that it repeats. */
interface Redundancy {
  readonly mid: string;
  readonly red: number;
  readonly opus: number;
}

const SECTION = /(?=^m=)/m;

/** What a browser offers to send redundantly, section by section. */
function offered(description: string): readonly Redundancy[] {
  return description.split(SECTION).flatMap((section) => {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    const red = /^a=rtpmap:(\d+) red\/48000\/2/m.exec(section)?.[1];
    const opus = red && new RegExp(`^a=fmtp:${red} (\\d+)/\\d+`, 'm').exec(section)?.[1];
    return section.startsWith('m=audio') && mid && opus ? [{ mid, red: Number(red), opus: Number(opus) }] : [];
  });
}

/**
 * An answer that takes all Opus redundantly that the offer would send so, else the same answer. What it takes first is what
 * the browser sends.
 */
export function withRedundancy(answer: string, offer: string): string {
  const redundant = new Map(offered(offer).map((one) => [one.mid, one]));
  return answer
    .split(SECTION)
    .map((section) => {
      const one = redundant.get(/^a=mid:(\S+)/m.exec(section)?.[1] ?? '');
      if (!one || !new RegExp(`^a=rtpmap:${one.opus} opus/`, 'm').test(section)) return section;
      return section
        .replace(/^(m=audio \d+ \S+) /, `$1 ${one.red} `)
        .replace(
          /^a=rtpmap:/m,
          `a=rtpmap:${one.red} red/48000/2\r\na=fmtp:${one.red} ${one.opus}/${one.opus}\r\na=rtpmap:`,
        );
    })
    .join('');
}

/** The payload type under which a section of a description is sent redundantly, null if it is not. */
export function redundantType(description: string, mid: string): number | null {
  return offered(description).find((one) => one.mid === mid)?.red ?? null;
}
