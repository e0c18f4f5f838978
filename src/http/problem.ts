import { HttpException } from '@nestjs/common';
import { PROBLEM_KINDS, type ProblemCode, type ProblemKind } from './problem-codes.js';

/** One wrong value of the input: where (RFC 6901 JSON pointer into the body, or `/query/<name>`), and what is wrong. */
export interface InputFault {
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemExtras {
  readonly errors?: readonly InputFault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What led to it, for the log only. */
  readonly cause?: unknown;
}

/** An error that a client gets to see, as problem details (RFC 9457). */
export class Problem extends HttpException {
  readonly errors: readonly InputFault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    { errors, headers = {}, cause }: ProblemExtras = {},
  ) {
    super(detail, PROBLEM_KINDS[code].status, { cause });
    this.errors = errors;
    this.headers = headers;
  }

  /** The body of the answer; `instance` is the request id, by which the log can be searched. */
  toBody(requestId: string): Record<string, unknown> {
    const { status, title, error }: ProblemKind = PROBLEM_KINDS[this.code];
    return {
      type: `/problems/${this.code}`,
      title,
      status,
      detail: this.detail,
      instance: requestId,
      code: this.code,
      ...(error !== undefined && { error }),
      ...(this.errors && { errors: this.errors }),
    };
  }
}

/** A value of the body that is not allowed. */
export function invalidField(pointer: string, detail: string): Problem {
  return new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, detail }] });
}

/** Whether an error is the problem `conflict`: what should be made is there already. */
export function isConflict(error: unknown): boolean {
  return error instanceof Problem && error.code === 'conflict';
}
