import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { Problem } from '../../http/problem.js';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many hashes may wait for a core; past it a sign-in is answered 503 at once, and all else stays fast. */
export const MAX_WAITING = 100;

/** Hashes and checks passwords, as many at a time as there are cores. */
@Injectable()
export class PasswordHasher {
  private readonly inTurn = pLimit(availableParallelism());
  private decoy: Promise<string> | undefined;

  /** @throws Problem `unavailable` when too many are waiting */
  async hash(password: string): Promise<string> {
    return this.queue(() => hash(password, PARAMETERS));
  }

  /** @throws Problem `unavailable` when too many are waiting */
  async verify(storedHash: string, password: string): Promise<boolean> {
    return this.queue(() => verify(storedHash, password));
  }

  /** Takes as long as `verify`: for an address without an account (ASVS 6.3.8). */
  async verifyNothing(password: string): Promise<void> {
    this.decoy ??= hash('no account has this password', PARAMETERS);
    await this.verify(await this.decoy, password);
  }

  /** Whether a hash was made with weaker parameters than today's. */
  needsRehash(storedHash: string): boolean {
    const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(storedHash);
    return !match || Number(match[1]) < PARAMETERS.memoryCost || Number(match[2]) < PARAMETERS.timeCost;
  }

  private async queue<T>(work: () => Promise<T>): Promise<T> {
    if (this.inTurn.pendingCount >= MAX_WAITING) {
      throw new Problem('unavailable', 'Too many sign-ins at once; try again in a moment.', {
        headers: { 'retry-after': '1' },
      });
    }
    return this.inTurn(work);
  }
}
