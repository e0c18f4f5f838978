import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { MovableClock } from '../../../time/movable-clock.js';
import { Settings } from '../../../config/settings.js';
import { secretKeyMaterial } from './key-material.js';
import { KeyRing } from './key-ring.js';
import type { KeySuccession } from './key-succession.js';
import type { KeyStore } from './key-store.js';
import type { KeysFile } from './keys-file.js';
import type { StoredKey } from './ring-key.js';

const NOW = 1_800_000_000_000;
const LEAD_MS = 360_000;

/** What the database would answer, and how often it was asked. */
class StoredKeys {
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

describe('the key ring', () => {
  let clock: MovableClock;
  let stored: StoredKeys;
  let ring: KeyRing;
  beforeEach(async () => {
    clock = new MovableClock(NOW);
    stored = new StoredKeys();
    stored.add('first', NOW);
    ring = makeRing();
    await ring.onModuleInit();
  });

  function makeRing(): KeyRing {
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

  it('signs with a key from its time on, and with the one before until then', async () => {
    stored.add('second', NOW + LEAD_MS);
    await ring.reload();

    clock.time = NOW + LEAD_MS - 1;
    const before = ring.signingKey().kid;
    clock.time = NOW + LEAD_MS;
    const after = ring.signingKey().kid;

    expect([before, after]).toEqual(['first', 'second']);
  });

  it('signs with a key that has just begun elsewhere, by a clock that is ahead, where there is no other', async () => {
    stored.keys = [];
    stored.add('replacement', NOW + 50);
    await ring.reload();

    expect(ring.signingKey().kid).toBe('replacement');
  });

  it('never goes back to a key whose time of signing is over', async () => {
    stored.add('first', NOW, NOW + 1);
    stored.add('second', NOW + 1);
    stored.add('third', NOW + LEAD_MS);
    await ring.reload();

    clock.time = NOW + 1;

    expect(ring.signingKey().kid).toBe('second');
  });

  it('looks again before it signs when it has not heard of the database for as long as a key is published', async () => {
    stored.add('second', NOW + 1);

    clock.time = NOW + LEAD_MS;
    const within = (await ring.freshSigningKey()).kid;
    clock.time = NOW + LEAD_MS + 1;
    const [one, other] = await Promise.all([ring.freshSigningKey(), ring.freshSigningKey()]);

    expect(within).toBe('first');
    expect([one.kid, other.kid]).toEqual(['second', 'second']);
    expect(stored.loads).toBe(2);
  });

  it('looks again before it signs after the machine was suspended, whose monotonic clock stood still', async () => {
    stored.add('second', NOW + 1);

    clock.step(LEAD_MS + 1);

    expect((await ring.freshSigningKey()).kid).toBe('second');
  });

  it('looks again before it signs when the wall clock was set back meanwhile', async () => {
    stored.keys = [];
    stored.add('replacement', NOW);

    clock.time = NOW + LEAD_MS + 1;
    clock.step(-LEAD_MS);

    expect((await ring.freshSigningKey()).kid).toBe('replacement');
  });

  it('does not sign when it should look again and cannot', async () => {
    stored.failure = new Error('the database is away');

    clock.time = NOW + LEAD_MS + 1;

    await expect(ring.freshSigningKey()).rejects.toThrow('the database is away');
  });

  it('asks for a kid that it does not know at most once a second, however many ask', async () => {
    clock.time = NOW + 999;
    await ring.findFresh('forged');
    const early = stored.loads;
    clock.time = NOW + 1000;
    await Promise.all(Array.from({ length: 100 }, (_, index) => ring.findFresh(`forged ${index}`)));
    const together = stored.loads;
    clock.time = NOW + 1999;
    await ring.findFresh('forged');

    expect([early, together, stored.loads]).toEqual([1, 2, 2]);
  });

  it('gives everybody who asks for a new kid the one answer', async () => {
    stored.add('second', NOW + LEAD_MS);
    clock.time = NOW + 1000;

    const found = await Promise.all([ring.findFresh('second'), ring.findFresh('second')]);

    expect(found.map((key) => key?.kid)).toEqual(['second', 'second']);
    expect(stored.loads).toBe(2);
  });

  it('lets no older answer take the place of a newer one', async () => {
    let open = (): void => undefined;
    stored.gate = new Promise((resolve) => (open = resolve));
    const slow = ring.reload();
    stored.add('second', NOW + LEAD_MS);
    const quick = ring.reload();
    open();
    await Promise.all([slow, quick]);

    expect(ring.find('second')?.kid).toBe('second');
  });

  it('keeps its objects over a load, moves their times, and decrypts nothing twice', async () => {
    const held = ring.find('first');
    const decrypted = stored.decryptions;
    stored.add('first', NOW, NOW + 5000);

    await ring.reload();

    expect(held?.verifiesUntil).toBe(NOW + 5000);
    expect(ring.find('first')).toBe(held);
    expect(stored.decryptions).toBe(decrypted);
  });

  it('tells whoever holds a key that has left the database that its time is over', async () => {
    stored.add('second', NOW);
    await ring.reload();
    const held = ring.find('first');
    stored.keys = stored.keys.filter(({ kid }) => kid !== 'first');
    clock.time = NOW + 7;

    await ring.reload();

    expect(held?.verifiesUntil).toBe(NOW + 7);
    expect(ring.find('first')).toBeUndefined();
  });

  describe('where a key cannot be opened', () => {
    let complaints: jest.SpyInstance;
    beforeEach(() => {
      complaints = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    });
    afterEach(() => complaints.mockRestore());

    it('ends a retired one all the same, and signs with none', async () => {
      const held = ring.find('first');
      stored.keys = [];
      stored.addUnreadable('replacement', NOW);
      clock.time = NOW + 7;

      await ring.reload();

      expect(held?.verifiesUntil).toBe(NOW + 7);
      expect([ring.find('first'), ring.find('replacement')]).toEqual([undefined, undefined]);
      expect([ring.canSign, ring.isComplete]).toEqual([false, false]);
      await expect(ring.freshSigningKey()).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('takes in the others, moves the times of those it has, and goes on signing', async () => {
      stored.add('first', NOW, NOW + 5000);
      stored.addUnreadable('second', NOW + 1);
      stored.add('third', NOW + 2);

      await ring.reload();

      expect(ring.find('first')?.verifiesUntil).toBe(NOW + 5000);
      expect(ring.find('third')?.kid).toBe('third');
      expect([ring.signingKey().kid, ring.canSign, ring.isComplete]).toEqual(['first', true, false]);
    });

    it('signs with none once the time of that one has come, until the next one can sign', async () => {
      stored.add('first', NOW, NOW + 5000);
      stored.addUnreadable('second', NOW + 1);
      stored.add('third', NOW + 2);
      await ring.reload();

      clock.time = NOW + 1;
      const meanwhile = [ring.canSign, ring.isComplete];
      const refused = ring.freshSigningKey();
      await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
      const states = ring.describe().map(({ kid, state }) => [kid, state]);
      clock.time = NOW + 2;

      expect(meanwhile).toEqual([false, false]);
      expect(states).toEqual([
        ['first', 'previous'],
        ['third', 'next'],
      ]);
      expect(ring.signingKey().kid).toBe('third');
    });

    it('signs again with the one before when that one is retired', async () => {
      stored.addUnreadable('second', NOW + 1);
      await ring.reload();
      clock.time = NOW + 1;
      const before = ring.canSign;
      stored.keys = stored.keys.filter(({ kid }) => kid !== 'second');

      await ring.reload();

      expect([before, ring.signingKey().kid, ring.isComplete]).toEqual([false, 'first', true]);
    });

    it('says so once for each, and tries again at each load', async () => {
      stored.addUnreadable('second', NOW + 1);
      await ring.reload();
      await ring.reload();
      stored.addUnreadable('third', NOW + 2);
      await ring.reload();
      const said = complaints.mock.calls.map(([{ kid }]) => kid);
      stored.add('second', NOW + 1);
      stored.add('third', NOW + 2);
      await ring.reload();

      expect(said).toEqual(['second', 'third']);
      expect(ring.isComplete).toBe(true);
    });

    it('does not start', async () => {
      stored.addUnreadable('older', NOW - 1);

      await expect(makeRing().onModuleInit()).rejects.toThrow('older cannot be decrypted');
    });
  });
});
