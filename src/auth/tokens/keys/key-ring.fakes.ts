import { randomBytes } from 'node:crypto';
import { MovableClock } from '../../../time/movable-clock.js';
import { Settings } from '../../../config/settings.js';
import { secretKeyMaterial } from './key-material.js';
import { KeyRing } from './key-ring.js';
import type { KeySuccession } from './key-succession.js';
import type { KeyStore } from './key-store.js';
import type { KeysFile } from './keys-file.js';
import type { StoredKey } from './ring-key.js';

/** When the tests begin. */
export const NOW = 1_800_000_000_000;
export const LEAD_MS = 360_000;

/** What the database would answer, and how often it was asked. */
export class StoredKeys {
  keys: StoredKey[] = [];
  loads = 0;
  decryptions = 0;
  /** Set while the database is to keep its answer back. */
  gate: Promise<void> | undefined;
  failure: Error | undefined;

  async living(): Promise<StoredKey[]> {
    this.loads++;
    const answer = [...this.keys];
    await this.gate;
    if (this.failure) {
      throw this.failure;
    }
    return answer;
  }

  addUnreadable(kid: string, signsFrom: number): void {
    this.add(kid, signsFrom);
    this.keys = this.keys.map((key) =>
      key.kid === kid
        ? {
            ...key,
            open: () => {
              throw new Error(`${kid} cannot be decrypted`);
            },
          }
        : key,
    );
  }

  add(kid: string, signsFrom: number, verifiesUntil = Infinity): void {
    const material = secretKeyMaterial(randomBytes(32));
    this.keys = this.keys.filter((key) => key.kid !== kid);
    this.keys.push({
      kid,
      algorithm: 'HS256',
      isFromFile: false,
      createdAt: NOW,
      signsFrom,
      verifiesUntil,
      open: () => {
        this.decryptions++;
        return material;
      },
    });
  }
}

/** A ring of keys that are stored so, in no file, and that rotate by themselves no further. */
export function makeRing(clock: MovableClock, stored: StoredKeys): KeyRing {
  const file: Pick<KeysFile, 'isUsed' | 'keys'> = { isUsed: false, keys: async () => [] };
  const succession: Pick<KeySuccession, 'begin'> = { begin: async () => undefined };
  // All that is asked of the others is this.
  return new KeyRing(
    Object.assign(new Settings(), { KEY_PUBLICATION_LEAD: LEAD_MS / 1000 }),
    clock,
    stored as unknown as KeyStore,
    file as KeysFile,
    succession as KeySuccession,
  );
}

/** One that has loaded a key, `first`. */
export async function startRing() {
  const clock = new MovableClock(NOW);
  const stored = new StoredKeys();
  stored.add('first', NOW);
  const ring = makeRing(clock, stored);
  await ring.onModuleInit();
  return { clock, stored, ring };
}
