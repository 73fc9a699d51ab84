/** From this part on what is lost is worth waiting for: most of it comes again. */
const LOSSY = 0.01;
const CALM = 0.005;
const CALM_INTERVALS = 5;
/** A loss is seen by the next packet, asked for, and asked for again where that is lost: browsers do after 100 ms. */
const REPAIR_MS = 120;
const MOST_MS = 400;

/**
 * How long sound and picture wait before they are played, in milliseconds; null as the browser thinks best. Without a loss
 * nobody waits; with it a moment's wait is heard and seen less than gaps and jerks are.
 */
export class Patience {
  #ms: number | null = null;
  #calm = 0;

  /** `loss` is what was lost of one interval (0 to 1); null: nothing was received. */
  next(loss: number | null, roundTripMs: number | null): number | null {
    if (loss !== null && loss >= LOSSY) {
      this.#calm = 0;
      this.#ms = Math.min(MOST_MS, Math.max(this.#ms ?? 0, REPAIR_MS + Math.round(roundTripMs ?? 0)));
    } else if (loss !== null && loss < CALM && (this.#calm += 1) >= CALM_INTERVALS) this.#ms = null;
    return this.#ms;
  }
}
