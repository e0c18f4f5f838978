import { makeRateLimit } from './rate-limit.js';
import { type HitsToTell, UnsharedHits } from './unshared-hits.js';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const rateLimit = makeRateLimit('test', [{ limit: 10, windowMs: MINUTE }]);

describe('hits that Redis has not been told of', () => {
  let unshared: UnsharedHits;
  let told: HitsToTell[];
  beforeEach(() => {
    unshared = new UnsharedHits();
    told = [];
  });

  const note = (key: string, now = NOW): void => unshared.note([{ key, rateLimit }], now);
  const tell = async (hits: HitsToTell): Promise<void> => void told.push(hits);
  const counts = (): number[] => told.flatMap(({ missing }) => [...missing.values()].map(({ hits }) => hits));

  async function shareAll(now = NOW): Promise<void> {
    while (!unshared.isEmpty) {
      await unshared.shareSome(tell, now);
    }
  }

  it('are told once each, and then no more', async () => {
    note('one');
    note('one');
    note('two');

    await shareAll();
    await shareAll();

    expect(counts()).toEqual([2, 1]);
  });

  it('are told again under the same name where Redis did not confirm them, without those that came meanwhile', async () => {
    note('one');
    const names: string[] = [];
    const lost = async ({ id }: HitsToTell): Promise<void> => {
      names.push(id);
      note('one');
      throw new Error('gone');
    };

    await expect(unshared.shareSome(lost, NOW)).rejects.toThrow('gone');
    await shareAll();

    expect(told.map(({ id }) => id).indexOf(names[0] ?? '')).toBe(0);
    expect(counts()).toEqual([1, 1]);
  });

  it('are not told where they were given back', async () => {
    note('one');
    note('one');
    note('two');

    unshared.giveBack({ key: 'one', rateLimit }, NOW);
    unshared.giveBack({ key: 'two', rateLimit }, NOW);
    unshared.giveBack({ key: 'three', rateLimit }, NOW);
    await shareAll();

    expect(counts()).toEqual([1]);
  });

  it('are let go when they count for nothing any more', async () => {
    note('one');

    await shareAll(NOW + 2 * MINUTE);

    expect(counts()).toEqual([]);
  });

  it('are forgotten with their key, in this window and the one before, also where they are being told', async () => {
    note('one', NOW - MINUTE);
    note('one');
    note('two');
    await expect(unshared.shareSome(() => Promise.reject(new Error('gone')), NOW)).rejects.toThrow('gone');

    unshared.forget({ key: 'one', rateLimit }, NOW);
    await shareAll();

    expect(told.flatMap(({ missing }) => [...missing.keys()])).toEqual([expect.stringContaining(':two:')]);
  });

  it('are told in batches', async () => {
    for (let count = 0; count < 2500; count++) {
      note(`key ${count}`);
    }

    await shareAll();

    expect(told.map(({ missing }) => missing.size)).toEqual([1000, 1000, 500]);
  });
});
