import { SegmentPool } from './segment-pool.js';
import { UuidKey } from './uuid-key.js';

describe('a pool of segments', () => {
  it('hands out again what was given back, empty', () => {
    const pool = new SegmentPool();
    const key = new UuidKey().read('0194f2a1-7c3e-7d4b-9a10-5b6c7d8e9f01');
    const [, , used] = [pool.take(1), pool.take(1), pool.take(1)];
    used.raise(key, 7);

    pool.give([used]);
    const again = pool.take(4);

    expect(again).toBe(used);
    expect([again.get(key), again.count, again.depth]).toEqual([0, 0, 4]);
  });

  it('keeps as many of those given back as are in use', () => {
    const pool = new SegmentPool();
    const segments = Array.from({ length: 10 }, () => pool.take(1));

    pool.give(segments.slice(0, 7));

    expect(pool.size).toBe(6);
  });
});
