import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import type { Problem } from '../../http/problem.js';
import { unavailable } from '../../http/unavailable.js';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many may be under way; past it a sign-in is answered 503 at once, and all else stays fast. */
export const MAX_WAITING = 100;

/** As many as there are cores: each takes the time that its core has left. */
const THREADS = availableParallelism();

/** How many are served at a time: no thread waits for the next, as long as looking somebody up takes no longer than a hash. */
const SERVED_AT_ONCE = 2 * THREADS;

/**
 * How far the hashing threads stand back behind all other threads of the container or session (`nice`, 0 to 19): they take
 * the time that is left, which is all of it while nothing else is asked.
 */
const NICENESS = 19;

/** What whoever is turned away is told. */
export function tooManyWait(): Problem {
  return unavailable('Too many people are signing in right now; try again in a moment.');
}

/** Hashes and checks passwords, behind a queue with a bound, in threads that let all else go first. */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private pool: Piscina | undefined;
  private decoy: string | undefined;
  private admitted = 0;
  private readonly turns = pLimit(SERVED_AT_ONCE);

  /** Whether `admit` would turn somebody away. */
  get isFull(): boolean {
    return this.admitted >= MAX_WAITING;
  }

  /**
   * Does something that hashes once on its way, if it need not wait too long: for whoever is turned away nothing of it begins.
   * @throws Problem `unavailable` when too many are waiting
   */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.isFull) {
      throw tooManyWait();
    }
    this.admitted++;
    try {
      return await work();
    } finally {
      this.admitted--;
    }
  }

  /**
   * Hashes or checks a password with what has to be looked up for it, when it is its turn: of hundreds who come at once, the
   * others need no connection to the database yet. The work must not take a turn itself.
   * @throws Problem `unavailable` when too many are waiting
   */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.turns.pendingCount >= MAX_WAITING) {
      throw tooManyWait();
    }
    return this.turns(work);
  }

  async hash(password: string): Promise<string> {
    return this.run({ password, parameters: PARAMETERS }, 'hash');
  }

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
    return pool.run(task, { name });
  }
}

function startThreads(): Piscina {
  return new Piscina({
    filename: fileURLToPath(new URL('hash-worker.mjs', import.meta.url)),
    minThreads: THREADS,
    maxThreads: THREADS,
    niceIncrement: NICENESS,
  });
}
