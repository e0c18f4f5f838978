import { MAX_LINE_BYTES, type StagedLine } from './staged-line.js';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Splits NDJSON into its lines. Blank ones are left out, and one that is too long is a fault: it is never held whole. */
export async function* ndjsonLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<StagedLine> {
  let line = 1;
  let parts: Buffer[] = [];
  let length = 0;
  for await (const piece of bytes) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
      parts.push(piece.subarray(start, end));
      yield* staged(line, parts, length + end - start);
      line++;
      parts = [];
      length = 0;
      start = end + 1;
    }
    length += piece.length - start;
    if (length <= MAX_LINE_BYTES) {
      parts.push(piece.subarray(start));
    } else {
      parts = [];
    }
  }
  yield* staged(line, parts, length);
}

function* staged(line: number, parts: readonly Buffer[], length: number): Generator<StagedLine> {
  if (length > MAX_LINE_BYTES) {
    yield { line, reason: `The line is longer than ${MAX_LINE_BYTES} bytes.` };
    return;
  }
  const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  const text = line === 1 && whole.subarray(0, 3).equals(BYTE_ORDER_MARK) ? whole.subarray(3) : whole;
  if (!isBlank(text)) {
    yield { line, text };
  }
}

// JSON's own blanks (RFC 8259 2).
function isBlank(text: Buffer): boolean {
  return text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
