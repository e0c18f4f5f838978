import { Logger } from '@nestjs/common';
import type { MovableClock } from '../../../time/movable-clock.js';
import type { KeyRing } from './key-ring.js';
import { NOW, type StoredKeys, makeRing, startRing } from './key-ring.fakes.js';

describe('the key ring where a key cannot be opened', () => {
  let clock: MovableClock;
  let stored: StoredKeys;
  let ring: KeyRing;
  let complaints: jest.SpyInstance;
  beforeEach(async () => {
    ({ clock, stored, ring } = await startRing());
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

    await expect(makeRing(clock, stored).onModuleInit()).rejects.toThrow('older cannot be decrypted');
  });
});
