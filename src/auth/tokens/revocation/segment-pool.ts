import { UuidSegment } from './uuid-segment.js';

/** Segments that tables take and give back. Of those given back it keeps as many as are in use: a peak leaves no more behind. */
export class SegmentPool {
  private readonly free: UuidSegment[] = [];
  private taken = 0;

  /** An empty one. */
  take(depth: number): UuidSegment {
    this.taken++;
    return (this.free.pop() ?? new UuidSegment()).clear(depth);
  }

  give(segments: Iterable<UuidSegment>): void {
    for (const segment of segments) {
      this.taken--;
      this.free.push(segment);
    }
    this.free.length = Math.min(this.free.length, this.taken);
  }

  /** How many segments are in memory. */
  get size(): number {
    return this.taken + this.free.length;
  }
}
