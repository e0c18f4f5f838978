import { tooManyRequests } from './limiting.js';
import type { RateLimitState } from './rate-limit.js';

/** An attempt that was counted before it was known whether it would be made. */
export class EarlyAttempt {
  private isMade = false;

  constructor(
    private readonly state: RateLimitState,
    private readonly giveBack: () => void,
  ) {}

  /** It is made: from here on it stays counted. @throws Problem `too-many-requests` where it is one too many */
  make(): void {
    this.isMade = true;
    if (!this.state.isAllowed) {
      throw tooManyRequests(this.state);
    }
  }

  /** It is over: where it was not made it counts for nothing. Nobody waits for that. */
  end(): void {
    if (!this.isMade && this.state.isAllowed) {
      this.giveBack();
    }
  }
}
