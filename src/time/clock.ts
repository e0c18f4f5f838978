import { Injectable } from '@nestjs/common';

/** Where every rule gets its time from, so that a test can move it instead of sleeping. */
export abstract class Clock {
  /** Wall-clock time in milliseconds since 1970-01-01T00:00:00Z. */
  abstract now(): number;

  /** Milliseconds from an arbitrary start; never jumps back, and counts while the process is stopped. */
  abstract elapsed(): number;

  /** Wall-clock time as a `Date`. */
  date(): Date {
    return new Date(this.now());
  }

  /** Wall-clock time in whole seconds, as JWTs count it (RFC 7519 2, NumericDate). */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}

/** The machine's own clock. */
@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }
}
