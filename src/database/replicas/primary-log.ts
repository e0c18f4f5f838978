interface Sample {
  readonly at: number;
  readonly position: bigint;
}

/**
 * How far the primary's log was at which moment. Whoever has replayed it up to a position knows everything that was
 * committed by the moment when the primary was there: that tells how old its answers may be by one clock alone, also while the
 * primary writes nothing and while the replica hears nothing, when what it says of its own delay is wrong.
 */
export class PrimaryLog {
  private readonly samples: Sample[] = [];

  /** @param reach how far back it is asked for, in milliseconds */
  constructor(private readonly reach: number) {}

  /** The primary was at least at this position at that moment, in milliseconds. */
  add(sample: Sample): void {
    const last = this.samples.at(-1);
    if (last && sample.position < last.position) {
      this.samples.length = 0; // another server has taken its place
    }
    this.samples.push(sample);
    // One that is older than the reach is kept: whoever is not even there is behind, and not only unknown.
    while (this.samples[1] && this.samples[1].at < sample.at - this.reach) {
      this.samples.shift();
    }
  }

  /** The last moment of which everything is known at this position; `null` where that is not known. */
  momentOf(position: bigint): number | null {
    return this.samples.findLast((sample) => sample.position <= position)?.at ?? null;
  }

  /** Whether the samples go back beyond the reach, so that whoever is behind them all is further behind than that. */
  coversReach(now: number): boolean {
    const [first] = this.samples;
    return first !== undefined && first.at < now - this.reach;
  }
}
