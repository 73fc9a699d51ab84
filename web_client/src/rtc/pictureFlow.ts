type Statistics = Iterable<Record<string, unknown>>;

/** Tells from `getStats`, read again and again, which pictures stand still: no frame has come since the reading before. */
export class PictureFlow {
  #frames = new Map<string, number>();

  /** Return the ids of the tracks that stand still. One that was not there before moves, as far as anybody knows. */
  read(receive: Statistics): ReadonlySet<string> {
    const now = new Map<string, number>();
    for (const one of receive) {
      if (one.type !== 'inbound-rtp' || one.kind !== 'video' || typeof one.trackIdentifier !== 'string') continue;
      now.set(one.trackIdentifier, Number(one.framesReceived ?? one.framesDecoded ?? 0));
    }
    const still = [...now].filter(([track, frames]) => this.#frames.get(track) === frames).map(([track]) => track);
    this.#frames = now;
    return new Set(still);
  }
}
