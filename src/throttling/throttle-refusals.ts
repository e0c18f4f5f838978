import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { takesForm } from '../http/takes-form.decorator.js';
import { clientAddressKey } from './client-address.js';
import type { CountedRequest } from './counted-request.js';
import { enforce } from './limiting.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/**
 * Counts by client address what is refused before a guard has seen it: unknown paths, bodies that cannot be read, foreign
 * origins. Nothing has been done for such a request, so it is counted when its answer is there; above the limit that
 * becomes 429.
 */
export function throttleRefusals(app: NestFastifyApplication): void {
  const storage = app.get(RateLimitStorage);
  const { address } = app.get(RateLimits);

  const count = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    try {
      enforce(reply, await storage.hit(clientAddressKey(request.ip), address));
      return payload;
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      reply.code(error.getStatus()).headers(error.headers).type('application/problem+json; charset=utf-8');
      return JSON.stringify(error.toBody(request.id));
    }
  };

  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (request: FastifyRequest & CountedRequest, reply, payload, done) => {
      const isRefusal = reply.statusCode >= 400 && reply.statusCode < 500;
      // Services, which send forms, have limits of their own.
      if (request.isCounted || !isRefusal || takesForm(request) || reply.raw.destroyed) {
        done(null, payload);
        return undefined;
      }
      return count(request, reply, payload);
    });
}
