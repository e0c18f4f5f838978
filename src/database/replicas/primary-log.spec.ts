import { PrimaryLog } from './primary-log.js';

const REACH = 10_000;

/** A log whose primary was at these positions, a second after each other, the first at 0. */
function logOf(...positions: number[]): PrimaryLog {
  const log = new PrimaryLog(REACH);
  positions.forEach((position, second) => log.add({ at: second * 1000, position: BigInt(position) }));
  return log;
}

describe('the log of the primary', () => {
  it('tells of which moment everything is known at a position', () => {
    const log = logOf(100, 200, 300);

    expect([300n, 299n, 200n, 100n].map((position) => log.momentOf(position))).toEqual([2000, 1000, 1000, 0]);
  });

  it('takes whoever is where a primary stands still for up to date', () => {
    expect(logOf(100, 100, 100).momentOf(100n)).toBe(2000);
  });

  it('knows nothing of a position before its first sample, nor of any without one', () => {
    expect(logOf(100).momentOf(99n)).toBeNull();
    expect(logOf().momentOf(100n)).toBeNull();
  });

  it('says whether it goes back far enough to call somebody behind', () => {
    const log = logOf(100, 200);

    expect([log.coversReach(REACH), log.coversReach(REACH + 1), logOf().coversReach(REACH + 1)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('keeps samples no longer than its reach, and one before', () => {
    const log = logOf(...Array.from({ length: 1000 }, (_, second) => second));

    // Of the 1000 the last is of 999 s; the reach begins at 989 s.
    expect([988n, 987n].map((position) => log.momentOf(position))).toEqual([988_000, null]);
  });

  it('forgets everything when another server with a shorter log takes the place of the primary', () => {
    const log = logOf(100, 200, 150);

    expect([log.momentOf(200n), log.momentOf(149n)]).toEqual([2000, null]);
  });
});
