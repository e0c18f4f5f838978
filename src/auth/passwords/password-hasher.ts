import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { unavailable } from '../../http/unavailable.js';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How much may wait for a thread; past it a sign-in is answered 503 at once, and all else stays fast. */
export const MAX_WAITING = 100;

/**
 * How far the hashing threads stand back behind the thread that answers requests (`nice`, 0 to 19): they take the time
 * that is left, which is all of it while nothing else is asked.
 */
const NICENESS = 10;

const TOO_MANY = 'Too many sign-ins at once; try again in a moment.';

/**
 * Hashes and checks passwords, behind a queue with a bound. One core is left to the thread that answers requests, where
 * there is more than one: hashes fill the caches, so that with one more thread no more sign in, and all else waits.
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private pool: Piscina | undefined;
  private decoy: string | undefined;
  private admitted = 0;

  /**
   * Does something that hashes once on its way, if it need not wait too long: whoever is turned away has cost nothing.
   * @throws Problem `unavailable` when too many are waiting
   */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.admitted >= MAX_WAITING) {
      throw unavailable(TOO_MANY);
    }
    this.admitted++;
    try {
      return await work();
    } finally {
      this.admitted--;
    }
  }

  /** @throws Problem `unavailable` when too many are waiting */
  async hash(password: string): Promise<string> {
    return this.run({ password, parameters: PARAMETERS }, 'hash');
  }

  /** @throws Problem `unavailable` when too many are waiting */
  async verify(storedHash: string, password: string): Promise<boolean> {
    return this.run({ storedHash, password }, 'verify');
  }

  /** Takes as long as `verify`: for an address without an account (ASVS 6.3.8). */
  async verifyNothing(password: string): Promise<void> {
    this.decoy ??= await this.hash('no account has this password');
    await this.verify(this.decoy, password);
  }

  /** Whether a hash was made with weaker parameters than today's. */
  needsRehash(storedHash: string): boolean {
    const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(storedHash);
    return !match || Number(match[1]) < PARAMETERS.memoryCost || Number(match[2]) < PARAMETERS.timeCost;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  private async run<T>(task: object, name: 'hash' | 'verify'): Promise<T> {
    const pool = (this.pool ??= startThreads());
    if (pool.queueSize >= MAX_WAITING) {
      throw unavailable(TOO_MANY);
    }
    return pool.run(task, { name });
  }
}

function startThreads(): Piscina {
  const threads = Math.max(1, availableParallelism() - 1);
  return new Piscina({
    filename: fileURLToPath(new URL('hash-worker.mjs', import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    niceIncrement: NICENESS,
  });
}
