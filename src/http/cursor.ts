import { crc32 } from 'node:zlib';
import { Problem } from './problem.js';

type Key = string | number;

/** Of a checksum that tells a cursor that has come through whole: against damage, not against forgers, who gain nothing. */
const SUM_BYTES = 4;

/** Writes where a page ended as an opaque cursor; `list` names the list (its order, its filters) that it belongs to. */
export function encodeCursor(list: string, key: readonly Key[]): string {
  const text = Buffer.from(JSON.stringify([list, ...key]));
  return Buffer.concat([text, sumOf(text)]).toString('base64url');
}

/**
 * Reads a cursor of the same list back.
 * @throws Problem `bad-request` for a cursor that is damaged or of another list
 */
export function decodeCursor(list: string, cursor: string, types: readonly ('string' | 'number')[]): Key[] {
  const parts = parse(cursor);
  if (parts === null || parts[0] !== list || parts.length !== types.length + 1) {
    throw damaged();
  }
  return types.map((type, index) => {
    const value = parts[index + 1];
    if ((typeof value !== 'string' && typeof value !== 'number') || typeof value !== type) {
      throw damaged();
    }
    return value;
  });
}

/** A page of at most `limit` of what was found, and the cursor of the next one where one more was found than that. */
export function cutPage<Item>(
  found: readonly Item[],
  limit: number,
  list: string,
  keyOf: (last: Item) => readonly Key[],
): { items: Item[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor(list, keyOf(last)) };
}

function parse(cursor: string): unknown[] | null {
  const bytes = Buffer.from(cursor, 'base64url');
  const text = bytes.subarray(0, -SUM_BYTES);
  if (bytes.toString('base64url') !== cursor || !sumOf(text).equals(bytes.subarray(-SUM_BYTES))) {
    return null;
  }
  try {
    const value: unknown = JSON.parse(text.toString('utf8'));
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function sumOf(text: Buffer): Buffer {
  const sum = Buffer.alloc(SUM_BYTES);
  sum.writeUInt32BE(crc32(text));
  return sum;
}

function damaged(): Problem {
  return new Problem('bad-request', 'The cursor is damaged or belongs to another list.');
}
