import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { SegmentPool } from './segment-pool.js';
import { UuidKey } from './uuid-key.js';
import { UuidTable } from './uuid-table.js';

const FULL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

describe('a table of UUIDs', () => {
  const key = new UuidKey();
  const get = (table: UuidTable, id: string): number => table.get(key.read(id));
  const raise = (table: UuidTable, id: string, number: number): void => table.raise(key.read(id), number);

  // Few ids, so that the same come again; nil and max, whose words are all 0 and all -1, among them.
  const id = fc.oneof(fc.uuid(), fc.nat(200).map(numbered), fc.constantFrom(numbered(0), FULL));
  const number = fc.integer({ min: 1, max: 2 ** 31 - 1 });

  it('answers as a Map that keeps the highest number would, whatever is put in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(id, number), { maxLength: 2000, size: 'max' }),
        fc.array(id),
        (entries, others) => {
          const table = new UuidTable();
          const model = new Map<string, number>();
          for (const [one, value] of entries) {
            raise(table, one, value);
            model.set(one, Math.max(value, model.get(one) ?? 0));
          }

          expect(table.size).toBe(model.size);
          for (const one of [...model.keys(), ...others]) {
            expect(get(table, one)).toBe(model.get(one) ?? 0);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('knows none of what it held once it has been cleared, and all that is put in then', () => {
    const entries = fc.array(fc.tuple(id, number), { maxLength: 2000, size: 'max' });
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const table = new UuidTable();
        before.forEach(([one, value]) => raise(table, one, value));

        table.clear();

        expect(table.size).toBe(0);
        expect(before.filter(([one]) => get(table, one) !== 0)).toEqual([]);

        const model = new Map<string, number>();
        for (const [one, value] of after) {
          raise(table, one, value);
          model.set(one, Math.max(value, model.get(one) ?? 0));
        }
        expect(table.size).toBe(model.size);
        for (const [one] of [...before, ...after]) {
          expect(get(table, one)).toBe(model.get(one) ?? 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['random', () => randomUUID()],
    ['made within the same second', () => v7()],
    ['counted', numbered],
  ])('finds each of 20,000 ids that are %s, and none of 20,000 others', (_, make) => {
    const table = new UuidTable();
    const ids = Array.from({ length: 40_000 }, (__, index) => make(index));
    const [inside, outside] = [ids.slice(0, 20_000), ids.slice(20_000)];

    inside.forEach((one) => raise(table, one, 1));

    expect(table.size).toBe(20_000);
    expect(inside.filter((one) => get(table, one) !== 1)).toEqual([]);
    expect(outside.filter((one) => get(table, one) !== 0)).toEqual([]);
  });

  it('holds no more memory, however often as many ids come and go', () => {
    const pool = new SegmentPool();
    const tables = Array.from({ length: 4 }, () => new UuidTable(pool));
    const fill = (table: UuidTable): void => {
      for (let count = 0; count < 20_000; count++) {
        raise(table, randomUUID(), 1);
      }
    };
    tables.forEach(fill);
    tables[0]?.clear();
    const filled = pool.size;

    for (let turn = 0; turn < 12; turn++) {
      tables.slice(turn % 4, (turn % 4) + 1).forEach(fill);
      tables[(turn + 1) % 4]?.clear();
    }

    // As many ids do not always need as many segments: one may be split that was just not split before.
    expect(pool.size).toBeLessThanOrEqual(filled * 1.1);
  });

  it('keeps no more memory after a peak than is in use', () => {
    const pool = new SegmentPool();
    const [small, large] = [new UuidTable(pool), new UuidTable(pool)];
    raise(small, randomUUID(), 1);
    for (let count = 0; count < 50_000; count++) {
      raise(large, randomUUID(), 1);
    }
    const peak = pool.size;

    large.clear();

    expect(peak).toBeGreaterThan(64);
    expect(pool.size).toBe(4);
  });

  it('tells two ids apart that differ in a single bit, whichever it is', () => {
    const bits = Array.from({ length: 128 }, (_, bit) => bit);
    const flipped = (bit: number): string =>
      uuid(BigInt(`0x${FULL.replaceAll('-', '')}`) ^ (1n << BigInt(bit)));
    const table = new UuidTable();

    raise(table, FULL, 1);

    expect(bits.filter((bit) => get(table, flipped(bit)) !== 0)).toEqual([]);
  });
});

function numbered(count: number): string {
  return uuid(BigInt(count));
}

function uuid(value: bigint): string {
  return value
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
