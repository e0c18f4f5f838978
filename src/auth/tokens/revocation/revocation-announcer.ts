import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Revocation } from './revocation.js';

/** As many as fit into one NOTIFY, whose payload is 8,000 bytes at most. */
const MAX_TOGETHER = 50;
/** How long to gather others after a NOTIFY, in milliseconds; the first of a burst does not wait. */
const GATHER_MS = 5;

/**
 * Announces revocations one NOTIFY at a time; what is revoked meanwhile goes along with the next. NOTIFY holds a lock of
 * the whole database until its transaction has ended: so it has one of its own, which writes nothing and waits for no
 * disk.
 */
export class RevocationAnnouncer {
  private readonly logger = new Logger(RevocationAnnouncer.name);
  private waiting: Revocation[] = [];
  private isAnnouncing = false;

  /** @param notify sends one payload, or fails within a time that is short */
  constructor(private readonly notify: (payload: string) => Promise<unknown>) {}

  /** Announces these as soon as may be. */
  announce(revocations: readonly Revocation[]): void {
    this.waiting.push(...revocations);
    if (!this.isAnnouncing) {
      void this.announceWaiting();
    }
  }

  private async announceWaiting(): Promise<void> {
    this.isAnnouncing = true;
    while (this.waiting.length > 0) {
      const together = this.waiting.splice(0, MAX_TOGETHER);
      try {
        await this.notify(JSON.stringify(together));
      } catch (error) {
        // They are in the table, where every process looks before it calls its memory fresh.
        this.logger.warn({ err: error }, 'Revocations could not be announced; they are found later');
      }
      if (this.waiting.length < MAX_TOGETHER) {
        await pause(GATHER_MS, undefined, { ref: false });
      }
    }
    this.isAnnouncing = false;
  }
}
