import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemAnswer } from '../http/problem-answer.js';
import { Problem } from '../http/problem.js';
import { addressHit } from './address-hit.js';
import type { CountedRequest } from './counted-request.js';
import { DueHits } from './due-hits.js';
import { RateLimits } from './rate-limits.js';

const logger = new Logger('Throttling');

/**
 * Counts what is still due when the answer is there, such as the address of a forged token, and by client address what is
 * refused before a guard has seen it: unknown paths, bodies that cannot be read, foreign origins. Above the limit the refusal
 * becomes 429.
 */
export function throttleRefusals(app: NestFastifyApplication): void {
  const due = app.get(DueHits);
  const limits = app.get(RateLimits);

  const count = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    try {
      await due.count(request);
      return payload;
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      if (reply.statusCode < 400) {
        const { method, routeOptions } = request;
        logger.error(`${method} ${routeOptions.url} did its work before it was counted: ${error.detail}`);
        return payload;
      }
      // What was to be said of the token is not said any more.
      reply.removeHeader('www-authenticate');
      return problemAnswer(request, reply, error);
    }
  };

  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (request: FastifyRequest & CountedRequest, reply, payload, done) => {
      const isRefusal = reply.statusCode >= 400 && reply.statusCode < 500;
      if (!request.isCounted && isRefusal && !reply.raw.destroyed) {
        due.add(request, reply, addressHit(request, limits));
      }
      if (due.areThere(request)) {
        return count(request, reply, payload);
      }
      done(null, payload);
      return undefined;
    });
}
