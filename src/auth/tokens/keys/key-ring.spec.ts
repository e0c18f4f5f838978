import type { MovableClock } from '../../../time/movable-clock.js';
import type { KeyRing } from './key-ring.js';
import { LEAD_MS, NOW, type StoredKeys, startRing } from './key-ring.fakes.js';

describe('the key ring', () => {
  let clock: MovableClock;
  let stored: StoredKeys;
  let ring: KeyRing;
  beforeEach(async () => {
    ({ clock, stored, ring } = await startRing());
  });

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
});
