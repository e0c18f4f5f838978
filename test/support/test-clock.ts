import { Clock } from '../../src/time/clock.js';

/** The machine's clock, which a test can move on instead of sleeping. */
export class TestClock extends Clock {
  private offset = 0;

  now(): number {
    return Date.now() + this.offset;
  }

  elapsed(): number {
    return performance.now();
  }

  /** Moves the wall clock on. */
  advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }): void {
    this.offset += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  }
}
