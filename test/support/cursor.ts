import { crc32 } from 'node:zlib';

/** A cursor that is whole, whatever stands in it. */
export function forgeCursor(parts: unknown): string {
  const text = JSON.stringify(parts);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(text));
  return Buffer.concat([Buffer.from(text), sum]).toString('base64url');
}

/** What stands in a cursor: the name of its list first. */
export function readCursor(cursor: string): any[] {
  return JSON.parse(Buffer.from(cursor, 'base64url').subarray(0, -4).toString());
}
