/** What of a sender this needs; a browser's `RTCRtpSender`. */
export type LimitedSender = Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;

/**
 * Pauses the encodings of one sender that nobody looks at, without a word to the others: for them it goes on sending.
 *
 * Changes are done one after the other, the latest wins: parameters that were read have to be the last ones set.
 */
export class LayerLimit {
  readonly #sender: LimitedSender;
  #highest: number | null = null;
  #busy = false;

  constructor(sender: LimitedSender) {
    this.#sender = sender;
  }

  /** Send the encodings up to this one, the smallest being 0; -1: none, null: all. */
  set(highest: number | null): void {
    this.#highest = highest;
    if (!this.#busy) void this.#follow();
  }

  async #follow(): Promise<void> {
    this.#busy = true;
    let done: number | null | undefined;
    while (done !== this.#highest) {
      done = this.#highest;
      await this.#apply(done).catch(() => undefined); // the sender has ended, or cannot: everything goes on being sent
    }
    this.#busy = false;
  }

  async #apply(highest: number | null): Promise<void> {
    const parameters = this.#sender.getParameters();
    const wanted = parameters.encodings.map((_, index) => highest === null || index <= highest);
    if (parameters.encodings.every((encoding, index) => (encoding.active ?? true) === wanted[index])) return;
    parameters.encodings.forEach((encoding, index) => {
      encoding.active = wanted[index] ?? true;
    });
    await this.#sender.setParameters(parameters);
  }
}

/** The lower of two limits, where null is none. */
export function lower(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
