import { SegmentPool } from './segment-pool.js';
import type { UuidKey } from './uuid-key.js';
import type { UuidSegment } from './uuid-segment.js';

/** Of the first test: 64 kB, which stay in the processor's cache. */
const BITS = 2 ** 19;

/**
 * Numbers above 0 by UUID, exactly: all 128 bits are compared. 20 bytes a slot outside the JavaScript heap, where a Map
 * of strings takes over 100 for an id. It is an extendible hash table (Fagin et al., ACM TODS 4(3), 1979): a segment
 * that is full is split in two, so that no growth is felt. All segments are of one size, and tables take them from one
 * pool: memory that is given back and asked for anew is what makes the garbage collector stop the process.
 */
export class UuidTable {
  /** The segment of each value of the first `depth` bits of a hash; one that is less deep stands in several places. */
  private segments: UuidSegment[] = [];
  private depth = 1;
  private count = 0;
  /** A bit for each id that is inside; most ids that are not are known by it, and looked for no further. */
  private readonly bits = new Int32Array(BITS / 32);

  constructor(private readonly pool = new SegmentPool()) {}

  /** The number of an id, or 0 where it has none. */
  get(key: UuidKey): number {
    const bit = bitOf(key);
    if (((this.bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) {
      return 0;
    }
    return this.segmentOf(key).get(key);
  }

  /** Gives an id its number, unless it has a higher one. */
  raise(key: UuidKey, number: number): void {
    if (this.segments.length === 0) {
      this.segments = [this.pool.take(1), this.pool.take(1)];
    }
    let segment = this.segmentOf(key);
    while (segment.isFull) {
      this.split(segment, key.hash);
      segment = this.segmentOf(key);
    }
    this.count -= segment.count;
    segment.raise(key, number);
    this.count += segment.count;
    const bit = bitOf(key);
    this.bits[bit >>> 5] = (this.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  /** Forgets all ids at once. Their memory is emptied bit by bit, as it is needed for the next. */
  clear(): void {
    this.pool.give(new Set(this.segments));
    this.segments = [];
    this.depth = 1;
    this.bits.fill(0);
    this.count = 0;
  }

  /** How many ids have a number. */
  get size(): number {
    return this.count;
  }

  private segmentOf({ hash }: UuidKey): UuidSegment {
    const segment = this.segments[hash >>> (32 - this.depth)];
    if (segment === undefined) {
      throw new RangeError(`No segment for ${hash} at depth ${this.depth}`);
    }
    return segment;
  }

  private split(segment: UuidSegment, hash: number): void {
    if (segment.depth === this.depth) {
      this.segments = this.segments.flatMap((one) => [one, one]);
      this.depth++;
    }
    const [zero, one] = [this.pool.take(segment.depth + 1), this.pool.take(segment.depth + 1)];
    segment.splitInto(zero, one);
    const places = 2 ** (this.depth - segment.depth);
    const first = (hash >>> (32 - segment.depth)) * places;
    this.segments.fill(zero, first, first + places / 2);
    this.segments.fill(one, first + places / 2, first + places);
    this.pool.give([segment]);
  }
}

function bitOf({ hash }: UuidKey): number {
  return (hash >>> 7) & (BITS - 1);
}
