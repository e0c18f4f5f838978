/** What is wrong with a line of an import. */
export interface LineFault {
  /** Counted from 1, as editors count. */
  readonly line: number;
  readonly reason: string;
}

/** A product of an import as JSON text (UTF-8 if the client is right), with the line that it begins on. */
export interface LineText {
  readonly line: number;
  readonly text: Buffer;
}

/** What a format makes of a body: one for each product. */
export type StagedLine = LineText | LineFault;

/** The longest line of NDJSON, and the longest row of CSV, in bytes. */
export const MAX_LINE_BYTES = 1_048_576;

const MAX_REASON_LENGTH = 1000;

/**
 * A reason as PostgreSQL can keep it, and no longer than is read: what is quoted of a file may hold NUL, and a cut in the
 * middle of a character leaves half a surrogate pair.
 */
export function storableReason(reason: string): string {
  return reason.slice(0, MAX_REASON_LENGTH).replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}
