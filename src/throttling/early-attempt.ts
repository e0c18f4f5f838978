/** An attempt that is counted, where there is room, before it is known whether it will be made. */
export class EarlyAttempt {
  private isMade = false;

  constructor(
    private readonly isCounted: boolean,
    private readonly count: () => Promise<unknown>,
    private readonly giveBack: () => void,
  ) {}

  /**
   * It is made: from here on it stays counted. Where there was no room for it there may be some by now: others may have given
   * theirs back.
   * @throws Problem `too-many-requests` where it is one too many
   */
  async make(): Promise<void> {
    this.isMade = true;
    if (!this.isCounted) {
      await this.count();
    }
  }

  /** It will not be made any more: if it was not, or could not be checked, it counts for nothing. Nobody waits for that. */
  end({ wasChecked }: { wasChecked: boolean }): void {
    if (this.isCounted && !(this.isMade && wasChecked)) {
      this.giveBack();
    }
  }
}
