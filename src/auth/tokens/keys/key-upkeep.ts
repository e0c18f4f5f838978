import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { KeyAdministrationService } from './key-administration.service.js';
import { KeyRing } from './key-ring.js';

const LONGEST_INTERVAL_MS = 5000;

/** Keeps the ring of this process up to date, several times within KEY_PUBLICATION_LEAD, and rotates it by schedule. */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(KeyUpkeep.name);
  private readonly interval: number;
  private timer: NodeJS.Timeout | undefined;
  private look: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    settings: Settings,
    private readonly ring: KeyRing,
    private readonly administration: KeyAdministrationService,
  ) {
    this.interval = Math.min((settings.KEY_PUBLICATION_LEAD * 1000) / 3, LONGEST_INTERVAL_MS);
  }

  onApplicationBootstrap(): void {
    this.lookLater();
  }

  /** Waits for a look that has begun: the database is closed after this. */
  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.look;
  }

  private lookLater(): void {
    if (!this.isStopped) {
      this.timer = setTimeout(() => {
        this.look = this.lookOnce().finally(() => this.lookLater());
      }, this.interval);
      this.timer.unref();
    }
  }

  private async lookOnce(): Promise<void> {
    try {
      await this.ring.reload();
      await this.administration.rotateWhenDue();
    } catch (error) {
      this.logger.warn(
        { err: error },
        'The signing keys could not be looked at; it is tried again in seconds',
      );
    }
  }
}
