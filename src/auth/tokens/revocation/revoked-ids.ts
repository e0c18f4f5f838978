import type { SegmentPool } from './segment-pool.js';
import { UuidKey } from './uuid-key.js';
import { UuidTable } from './uuid-table.js';

interface Bucket {
  /** Unix time in milliseconds from which nothing in the bucket matters any more. */
  readonly endsAt: number;
  readonly ids: UuidTable;
}

// Read into at each call and used up before it returns, so that all can share it.
const key = new UuidKey();

/**
 * Ids of one kind that have been taken back, each below some number, until they expire. They are kept in buckets by
 * expiry: forgetting is dropping the oldest bucket, whatever it holds. Times in milliseconds since 1970.
 */
export class RevokedIds {
  private buckets: Bucket[] = [];
  /** The table of the bucket that was dropped last: the next one takes it over. Made anew, the longest pause is half as long again. */
  private spare: UuidTable | undefined;

  /** @param bucketWidth for how many milliseconds an id may be kept beyond its expiry */
  constructor(
    private readonly bucketWidth: number,
    private readonly pool: SegmentPool,
  ) {}

  /** Takes in an id; again, or with a lower number, changes nothing. */
  add(id: string, number: number, expiresAt: number, now: number): void {
    this.forgetExpired(now);
    if (expiresAt > now) {
      this.bucketFor(expiresAt).raise(key.read(id), number);
    }
  }

  /** The number below which an id has been taken back, or 0. */
  revokedBelow(id: string, now: number): number {
    this.forgetExpired(now);
    const { buckets } = this;
    if (buckets.length === 0) {
      return 0;
    }
    key.read(id);
    let highest = 0;
    for (const { ids } of buckets) {
      highest = Math.max(highest, ids.get(key));
    }
    return highest;
  }

  /** How many ids are remembered. */
  sizeAt(now: number): number {
    this.forgetExpired(now);
    return this.buckets.reduce((sum, { ids }) => sum + ids.size, 0);
  }

  private bucketFor(expiresAt: number): UuidTable {
    const endsAt = (Math.floor(expiresAt / this.bucketWidth) + 1) * this.bucketWidth;
    const found = this.buckets.find((bucket) => bucket.endsAt === endsAt);
    if (found) {
      return found.ids;
    }
    const ids = this.spare ?? new UuidTable(this.pool);
    this.spare = undefined;
    this.buckets = [...this.buckets, { endsAt, ids }].toSorted((one, other) => one.endsAt - other.endsAt);
    return ids;
  }

  private forgetExpired(now: number): void {
    while (this.buckets[0] && this.buckets[0].endsAt <= now) {
      this.spare = this.buckets.shift()?.ids;
      this.spare?.clear();
    }
  }
}
