import { Injectable } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { Problem } from '../../../http/problem.js';
import { Clock } from '../../../time/clock.js';
import type { KeyRequest } from './key-audit.js';
import { KeyRing } from './key-ring.js';
import { KeySuccession } from './key-succession.js';
import type { KeyDescription } from './ring-key.js';

/** Rotating and retiring signing keys, whoever asks for it: an administrator, a command, or the schedule. */
@Injectable()
export class KeyAdministrationService {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly ring: KeyRing,
    private readonly succession: KeySuccession,
  ) {}

  /** Every key of the ring, without its private part. */
  list(): KeyDescription[] {
    return this.ring.describe();
  }

  /**
   * Makes the next key, which signs KEY_PUBLICATION_LEAD from now.
   * @throws Problem `conflict` while a next key is waiting, and where the keys are brought in
   */
  async rotate(request: KeyRequest): Promise<KeyDescription> {
    this.refuseKeysBroughtIn();
    const { kid } = await this.succession.rotate(request);
    await this.ring.reload();
    const made = this.list().find((key) => key.kid === kid);
    if (!made) {
      throw new Error(`The key ${kid} has been made, but is not in the ring.`);
    }
    return made;
  }

  /** Rotates where the newest key has signed for KEY_ROTATION_INTERVAL; one process does it, whichever is first. */
  async rotateWhenDue(): Promise<void> {
    const { KEY_ROTATION_INTERVAL, SIGNING_KEYS_FILE, JWT_SECRET } = this.settings;
    const [newest] = this.list();
    if (SIGNING_KEYS_FILE !== undefined || !newest) {
      return;
    }
    // A key that has an end and no successor was handed over to a file of keys which is no longer used.
    const interval =
      KEY_ROTATION_INTERVAL === 0 || JWT_SECRET !== undefined ? Infinity : KEY_ROTATION_INTERVAL;
    const isYoung = (newest.signsFrom ?? 0) + interval * 1000 > this.clock.now();
    if (!isYoung || newest.verifiesUntil !== null) {
      await this.succession.rotateAfter(interval);
      await this.ring.reload();
    }
  }

  /**
   * Ends a key that has leaked: its tokens are refused here from now on, and everywhere within a few seconds.
   * @throws Problem `not-found`, or `conflict` for a key that is brought in
   */
  async retire(kid: string, request: KeyRequest): Promise<void> {
    if (this.ring.isFromFile(kid)) {
      throw new Problem('conflict', 'The key comes from SIGNING_KEYS_FILE: take it out of that file.');
    }
    await this.succession.retire(kid, request);
    await this.ring.reload();
  }

  private refuseKeysBroughtIn(): void {
    const { SIGNING_KEYS_FILE, JWT_SECRET } = this.settings;
    if (SIGNING_KEYS_FILE !== undefined) {
      throw new Problem('conflict', 'The keys come from SIGNING_KEYS_FILE: put the new one into that file.');
    }
    if (JWT_SECRET !== undefined) {
      throw new Problem(
        'conflict',
        'The secret comes from JWT_SECRET: set another one there, and start anew.',
      );
    }
  }
}
