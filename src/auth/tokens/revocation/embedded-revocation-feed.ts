import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { NOTHING_SEEN, RevocationStore } from './revocation-store.js';
import { TokenBlacklist } from './token-blacklist.js';

/** For so long nothing is read again after that has failed, in milliseconds: every request asks. */
const RETRY_MS = 1000;

/** The feed of a single process: what it writes it knows, what it wrote before a restart it loads. */
@Injectable()
export class EmbeddedRevocationFeed extends RevocationFeed implements OnModuleInit {
  private readonly logger = new Logger(EmbeddedRevocationFeed.name);
  private isComplete = false;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly store: RevocationStore,
    private readonly blacklist: TokenBlacklist,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.readAll();
  }

  announce(): void {
    // There is nobody else to tell.
  }

  isFresh(): boolean {
    if (this.isComplete && this.blacklist.hasForgottenTooMuch()) {
      this.logger.warn('The clock was set back: all revocations are read anew');
      this.isComplete = false;
    }
    if (!this.isComplete) {
      this.reading ??= this.readAgain();
    }
    return this.isComplete;
  }

  private async readAgain(): Promise<void> {
    try {
      await this.readAll();
    } catch (error) {
      this.logger.error({ err: error }, 'The revocations could not be read; it is tried again');
      await pause(RETRY_MS, undefined, { ref: false });
    } finally {
      this.reading = undefined;
    }
  }

  private async readAll(): Promise<void> {
    this.blacklist.startOver();
    for await (const batch of this.store.unseenBy(NOTHING_SEEN)) {
      batch.forEach((revocation) => this.blacklist.add(revocation));
    }
    this.isComplete = true;
  }
}
