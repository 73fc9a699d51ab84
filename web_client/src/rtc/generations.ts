const EACH_HIGHER_BY = 2 ** 16;
const HIGHEST = 4_095; // at which a way over TCP still ranks lower than every one over UDP

/**
 * Ranks the relay's candidates so that Chromium prefers those of the newest ICE generation (RFC 8445 §9).
 *
 * It keeps to a way that it does not yet know to be dead while another ranks lower, and one by a new address does: until
 * Chromium has noticed the address itself, its candidate is a peer-reflexive one (§5.1.2.1). The lower priority of the two
 * ends decides (§6.1.2.3), so the relay's are halved, which makes them the lower ones, and rise with each generation.
 */
export class Generations {
  #ufrag = '';
  #generation = -1;

  /** The relay's description with its candidates ranked. A new user fragment begins a generation. */
  ranked(sdp: string): string {
    const ufrag = /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1] ?? this.#ufrag;
    if (ufrag !== this.#ufrag) this.#generation = Math.min(this.#generation + 1, HIGHEST);
    this.#ufrag = ufrag;
    const raise = this.#generation * EACH_HIGHER_BY;
    return sdp.replace(
      /^(a=candidate:\S+ \d \S+ )(\d+)/gm,
      (_line, head: string, priority: string) => `${head}${Math.floor(Number(priority) / 2) + raise}`,
    );
  }
}
