import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Settings } from '../../../config/settings.js';
import { Problem } from '../../../http/problem.js';
import { Clock } from '../../../time/clock.js';
import { BY_ITSELF, KeyAudit, type KeyRequest } from './key-audit.js';
import { KeyStore } from './key-store.js';
import { isKeyAsSet, makeKeyAsSet } from './key-as-set.js';
import { SigningKeyRow, isWaiting, waitingSentence } from './signing-key.entity.js';

// Clocks of processes may differ, and a token is signed a moment after its key was picked.
const MARGIN_SECONDS = 60;

/** Which key of the database follows on which, decided under one lock by whichever process is first. */
@Injectable()
export class KeySuccession {
  private readonly logger = new Logger(KeySuccession.name);

  constructor(
    private readonly store: KeyStore,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly audit: KeyAudit,
  ) {}

  /** At start: sees to it that a key of the set algorithm signs or, where another does so still, will. */
  async begin(): Promise<void> {
    const made = await this.store.underLock(async (manager) => {
      const [newest] = await this.store.rows(manager);
      if (!newest) {
        return this.succeed(manager, undefined, 0);
      }
      const isOpen = newest.verifiesUntil === null;
      if (isOpen && isKeyAsSet(this.settings, newest.algorithm, this.store.open(newest))) {
        return null;
      }
      if (isOpen && isWaiting(newest, this.clock.now())) {
        this.logger.warn(
          `${waitingSentence(newest)} It is not what the settings ask for: rotate again then.`,
        );
        return null;
      }
      // Nobody else can have the embedded database open, so there is nobody to wait for.
      const lead = this.settings.DATABASE_URL ? this.settings.KEY_PUBLICATION_LEAD : 0;
      return this.succeed(manager, newest, lead);
    });
    this.audit.made(made, BY_ITSELF);
  }

  /** At start with a file of keys: lets the key that signed until now verify what it has signed, and no more. */
  async handOver(): Promise<void> {
    await this.store.underLock(async (manager) => {
      const [newest] = await this.store.rows(manager);
      if (newest?.verifiesUntil === null) {
        await this.endAfterTokens(manager, newest, this.clock.now());
      }
    });
  }

  /** Makes the next key, and sets the end of the present one. @throws Problem `conflict` while a next key is waiting */
  async rotate(request: KeyRequest): Promise<SigningKeyRow> {
    const made = await this.store.underLock(async (manager) => {
      const [newest] = await this.store.rows(manager);
      if (newest && isWaiting(newest, this.clock.now())) {
        throw new Problem('conflict', waitingSentence(newest));
      }
      return this.succeed(manager, newest, this.settings.KEY_PUBLICATION_LEAD);
    });
    this.audit.rotated(made, request);
    return made;
  }

  /** As `rotate`, but only where the newest key has signed for so many seconds, or has an end and no successor. */
  async rotateAfter(seconds: number): Promise<void> {
    const made = await this.store.underLock(async (manager) => {
      const [newest] = await this.store.rows(manager);
      const isYoung = newest && newest.signsFrom.getTime() + seconds * 1000 > this.clock.now();
      return isYoung && newest.verifiesUntil === null
        ? null
        : this.succeed(manager, newest, this.settings.KEY_PUBLICATION_LEAD);
    });
    this.audit.rotated(made, BY_ITSELF);
  }

  /**
   * Ends a key at once, because it has leaked. If it signs, the next one does from now on, or one that is made for it;
   * if it was to sign next, the present one goes on.
   * @throws Problem `not-found`; `conflict` where the replacement would be the same secret again
   */
  async retire(kid: string, request: KeyRequest): Promise<void> {
    const made = await this.store.underLock(async (manager) => {
      const rows = await this.store.rows(manager);
      const index = rows.findIndex((row) => row.kid === kid);
      const retired = rows[index];
      if (!retired) {
        throw new Problem('not-found', 'There is no such key in the database, or its time is over already.');
      }
      const now = this.clock.now();
      await manager.update(SigningKeyRow, { kid }, { verifiesUntil: new Date(now) });
      const [newer, older] = [rows[index - 1], rows[index + 1]];
      if (this.settings.SIGNING_KEYS_FILE !== undefined || (newer && !isWaiting(newer, now))) {
        return null;
      }
      const successor = newer ?? (isWaiting(retired, now) ? older : undefined);
      return successor ? this.promote(manager, successor) : this.replace(manager);
    });
    this.audit.retired(kid, request);
    this.audit.made(made, request);
  }

  private async promote(manager: EntityManager, { kid, signsFrom }: SigningKeyRow): Promise<null> {
    const from = new Date(Math.min(signsFrom.getTime(), this.clock.now()));
    await manager.update(SigningKeyRow, { kid }, { signsFrom: from, verifiesUntil: null });
    return null;
  }

  private async replace(manager: EntityManager): Promise<SigningKeyRow> {
    if (this.settings.JWT_SECRET !== undefined) {
      throw new Problem(
        'conflict',
        'The secret is that of JWT_SECRET: set another one and start anew first.',
      );
    }
    return this.succeed(manager, undefined, 0);
  }

  private async succeed(
    manager: EntityManager,
    present: SigningKeyRow | undefined,
    leadSeconds: number,
  ): Promise<SigningKeyRow> {
    if (present && !this.store.canOpen(present)) {
      // The next key would be sealed under another secret than the others.
      throw new Problem(
        'conflict',
        'KEY_ENCRYPTION_SECRET has been changed: start this process anew with it.',
      );
    }
    const material = await makeKeyAsSet(this.settings);
    const signsFrom = this.clock.now() + leadSeconds * 1000;
    if (present) {
      await this.endAfterTokens(manager, present, signsFrom);
    }
    return this.store.add(manager, this.settings.JWT_ALGORITHM, material, new Date(signsFrom));
  }

  private async endAfterTokens(
    manager: EntityManager,
    { kid }: SigningKeyRow,
    signsUntil: number,
  ): Promise<void> {
    const verifiesUntil = new Date(signsUntil + (this.settings.ACCESS_TOKEN_TTL + MARGIN_SECONDS) * 1000);
    await manager.update(SigningKeyRow, { kid }, { verifiesUntil });
  }
}
