import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { databaseProblem } from './database-problem.js';
import { problemAnswer } from './problem-answer.js';
import { Problem } from './problem.js';
import type { ProblemCode } from './problem-codes.js';

const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'bad-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  422: 'validation-failed',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** Said of a body whose type a route does not take. */
export const UNKNOWN_TYPE = 'This route does not take a body of this type.';

/** Turns whatever was thrown into problem details; only a fault of ours is logged as an error, with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error);
    if (problem.getStatus() === 500) {
      this.logger.error({ err: error, requestId: request.id }, 'Unexpected error');
    }
    if (reply.sent) {
      return;
    }
    void reply.headers(challengeOf(problem)).send(problemAnswer(request, reply, problem));
  }
}

// RFC 9110 15.5.2: each 401 says how to come in; most say more than this.
function challengeOf(problem: Problem): Record<string, string> {
  return problem.getStatus() === 401 ? { 'www-authenticate': 'Bearer' } : {};
}

/** The problem that an error amounts to; what is not foreseen is an `internal-error` that says nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const ofDatabase = databaseProblem(error);
  if (ofDatabase) {
    return ofDatabase;
  }
  if (error instanceof HttpException || isFastifyError(error)) {
    return ofHttpError(error);
  }
  return new Problem('internal-error', 'Something went wrong on our side.');
}

function ofHttpError(error: HttpException | FastifyErrorLike): Problem {
  const status = error instanceof HttpException ? error.getStatus() : error.statusCode;
  if (error.message.startsWith('Cross-origin request detected')) {
    return new Problem('origin-not-allowed', 'This origin may not send this request.');
  }
  if (status === 415) {
    return new Problem('unsupported-media-type', UNKNOWN_TYPE);
  }
  const code = CODE_OF_STATUS[status] ?? (status < 500 ? 'bad-request' : 'internal-error');
  return new Problem(code, code === 'internal-error' ? 'Something went wrong on our side.' : error.message);
}

interface FastifyErrorLike extends Error {
  readonly statusCode: number;
}

function isFastifyError(error: unknown): error is FastifyErrorLike {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
