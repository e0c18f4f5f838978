import { type LineFault, type StagedLine, storableReason } from '../../formats/staged-line.js';

/** Some products of an import in a row: what one transaction writes. */
export interface Chunk {
  readonly lines: readonly number[];
  /** One for each of `lines`. */
  readonly texts: readonly Buffer[];
  readonly faults: readonly LineFault[];
}

/** The most products of a chunk. */
export const CHUNK_LINES = 500;

const CHUNK_BYTES = 1_048_576;

/** Gathers lines into chunks of at most 500 products and, but for the last of each, 1 MiB, with reasons that can be kept. */
export async function* inChunks(staged: AsyncIterable<StagedLine>): AsyncGenerator<Chunk> {
  let chunk = emptyChunk();
  let bytes = 0;
  for await (const one of staged) {
    if ('text' in one) {
      chunk.lines.push(one.line);
      chunk.texts.push(one.text);
      bytes += one.text.length;
    } else {
      chunk.faults.push({ line: one.line, reason: storableReason(one.reason) });
    }
    if (chunk.lines.length + chunk.faults.length === CHUNK_LINES || bytes >= CHUNK_BYTES) {
      yield chunk;
      chunk = emptyChunk();
      bytes = 0;
    }
  }
  if (chunk.lines.length + chunk.faults.length > 0) {
    yield chunk;
  }
}

function emptyChunk(): { lines: number[]; texts: Buffer[]; faults: LineFault[] } {
  return { lines: [], texts: [], faults: [] };
}
