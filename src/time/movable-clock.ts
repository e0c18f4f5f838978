import { Clock } from './clock.js';

/** For tests of rules: stands still until it is moved. */
export class MovableClock extends Clock {
  /** By how many milliseconds the wall clock alone was moved. */
  private lead = 0;

  /** @param time milliseconds since 1970 */
  constructor(public time = 1_800_000_000_000) {
    super();
  }

  now(): number {
    return this.time;
  }

  elapsed(): number {
    return this.time - this.lead;
  }

  /** Moves the wall clock alone: on, as while the machine is suspended, or back. */
  step(milliseconds: number): void {
    this.time += milliseconds;
    this.lead += milliseconds;
  }
}
