/** How often is looked whether an answer has come, in milliseconds. */
const TURN = 100;
/** After how many looks in a row without one the other side counts as silent. */
const SILENT_TURNS = 5;

/**
 * Tells a server that does not answer from a process that had no time to listen. A timer for each question would run
 * out while the process is held up, with the answer already waiting at the door; here such a time is one turn, however
 * long it was, and after each turn the process listens before it looks again. One timer for all questions.
 */
export class SilenceWatch {
  private readonly timer: NodeJS.Timeout;
  private waiting = 0;
  private silentTurns = 0;

  /** `onSilence` ends what is waiting, half a second after the last answer (unless the process was held up). */
  constructor(private readonly onSilence: (error: Error) => void) {
    this.timer = setInterval(() => this.look(), TURN).unref();
  }

  /** Waits for an answer. @throws what the question is ended with */
  async until<T>(answer: Promise<T>): Promise<T> {
    this.waiting++;
    try {
      return await answer;
    } finally {
      this.waiting--;
      this.silentTurns = 0;
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    this.silentTurns = this.waiting > 0 ? this.silentTurns + 1 : 0;
    if (this.silentTurns > SILENT_TURNS) {
      this.silentTurns = 0;
      this.onSilence(new Error(`no answer in ${(SILENT_TURNS * TURN) / 1000} s`));
    }
  }
}
