import { getSchemaPath } from '@nestjs/swagger';
import { PROBLEM_KINDS, type ProblemCode } from '../problem-codes.js';
import { Problem } from '../problem.js';
import { ProblemDto } from './problem.dto.js';

const BASIC_CHALLENGE = 'Basic realm="latchkey", charset="UTF-8"';
/** What is refused with a challenge, on the routes that read a token, a proof or the credentials of a service. */
const CHALLENGING: ReadonlySet<ProblemCode> = new Set([
  'unauthenticated',
  'invalid-dpop-proof',
  'invalid-client',
]);
const EXAMPLE_ID = '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11';

/** The answers of an operation for its problem codes: one an HTTP status, one example a code. */
export function problemAnswers(codes: readonly ProblemCode[]): Record<string, unknown> {
  const statuses = [...new Set(codes.map((code) => PROBLEM_KINDS[code].status))].toSorted(
    (one, other) => one - other,
  );
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      answer(
        status,
        codes.filter((code) => PROBLEM_KINDS[code].status === status),
      ),
    ]),
  );
}

function answer(status: number, codes: readonly ProblemCode[]): Record<string, unknown> {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEM_KINDS[code].meaning}`).join('\n\n'),
    ...headersOf(status, codes),
    content: {
      'application/problem+json': {
        schema: { $ref: getSchemaPath(ProblemDto) },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function headersOf(status: number, codes: readonly ProblemCode[]): Record<string, unknown> {
  if (status === 429 || status === 503) {
    return {
      headers: {
        'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', example: 1 } },
      },
    };
  }
  // A route that reads neither a token nor a proof has nothing to challenge for.
  if (status === 401 && codes.some((code) => CHALLENGING.has(code))) {
    return {
      headers: {
        'WWW-Authenticate': codes.includes('invalid-client')
          ? { description: 'RFC 7617 2.', schema: { type: 'string', example: BASIC_CHALLENGE } }
          : {
              description: 'RFC 6750 3.',
              schema: { type: 'string', example: 'Bearer error="invalid_token"' },
            },
      },
    };
  }
  return {};
}

function exampleOf(code: ProblemCode): Record<string, unknown> {
  const errors =
    code === 'validation-failed' ? [{ pointer: '/name', detail: 'must be a string' }] : undefined;
  return new Problem(code, PROBLEM_KINDS[code].meaning, errors && { errors }).toBody(EXAMPLE_ID);
}
