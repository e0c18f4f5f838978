import { Clock } from '../../src/time/clock.js';

interface Span {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
}

/** The machine's clock, which a test can move instead of sleeping. */
export class TestClock extends Clock {
  private passed = 0;
  private error = 0;

  now(): number {
    return Date.now() + this.passed + this.error;
  }

  elapsed(): number {
    return performance.now();
  }

  /** What a clock says that has never been set wrong: that of the database. */
  get rightTime(): number {
    return Date.now() + this.passed;
  }

  /** Lets time pass as it does while a machine is suspended: the monotonic clock stands still. */
  advance(span: Span): void {
    this.passed += milliseconds(span);
  }

  /** Sets the wall clock of the process, and no other, on or back. */
  step(span: Span): void {
    this.error += milliseconds(span);
  }
}

function milliseconds({ seconds = 0, minutes = 0, hours = 0, days = 0 }: Span): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
