import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import pLimit from 'p-limit';
import type { Mail, MailKind } from './mail.js';
import type { MailTransport } from './mail-transport.js';

/** How many mails may be under way; a dead mail server must not fill the memory. */
export const MAX_UNDER_WAY = 1000;

const AT_ONCE = 5;
const LONGEST_DELAY_MS = 500;

/** Sends mails off the path of the requests that cause them. A stop waits for those under way. */
@Injectable()
export class MailRoom implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MailRoom.name);
  private readonly inTurn = pLimit(AT_ONCE);
  private readonly underWay = new Set<Promise<void>>();
  private readonly deciding = new Set<Promise<void>>();

  constructor(private readonly transport: MailTransport | null) {}

  /** Whether there is anything to send mails with. */
  get canSend(): boolean {
    return this.transport !== null;
  }

  /** Whether so many are under way that no more are taken. */
  get isFull(): boolean {
    return this.underWay.size >= MAX_UNDER_WAY;
  }

  /**
   * Writes a mail and sends it, at a random moment within half a second: neither the answer to this request nor how
   * busy the process is after it tells whether there is one (`null` is none). What fails is logged and not tried again.
   */
  post(kind: MailKind, write: () => Promise<Mail | null>): void {
    const { transport } = this;
    if (!transport) {
      return; // the start has said so
    }
    if (this.isFull) {
      this.logger.error({ mail: kind }, 'Too many mails are under way; this one is dropped');
      return;
    }
    const job = pause(randomInt(LONGEST_DELAY_MS)).then(() =>
      this.inTurn(() => this.deliver(transport, kind, write)),
    );
    this.underWay.add(job);
    void job.then(() => this.underWay.delete(job));
  }

  /** Does what decides whether there is a mail at all while the answer goes out; it takes no place of a mail. */
  decide(kind: MailKind, work: () => Promise<void>): void {
    const job = work().catch((error: unknown) => {
      this.logger.error({ err: error, mail: kind }, 'Whether a mail is due could not be told');
    });
    this.deciding.add(job);
    void job.then(() => this.deciding.delete(job));
  }

  /** Resolves when all that was posted has been sent or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.deciding);
    await Promise.all(this.underWay);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.settled();
  }

  private async deliver(
    transport: MailTransport,
    kind: MailKind,
    write: () => Promise<Mail | null>,
  ): Promise<void> {
    try {
      const mail = await write();
      if (mail) {
        await transport.send(mail);
      }
    } catch (error) {
      this.logger.error({ err: error, mail: kind }, 'A mail could not be sent');
    }
  }
}
