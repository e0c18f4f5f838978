import { Clock } from './clock.js';

/** For tests of rules: stands still until it is moved. */
export class MovableClock extends Clock {
  /** @param time milliseconds since 1970 */
  constructor(public time = 1_800_000_000_000) {
    super();
  }

  now(): number {
    return this.time;
  }

  elapsed(): number {
    return this.time;
  }
}
