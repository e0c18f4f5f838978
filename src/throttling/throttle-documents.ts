import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, onRequestAsyncHookHandler, RouteOptions } from 'fastify';
import { problemAnswer } from '../http/problem-answer.js';
import { Problem } from '../http/problem.js';
import { addressHit } from './address-hit.js';
import type { CountedRequest } from './counted-request.js';
import { DueHits } from './due-hits.js';
import { RateLimits } from './rate-limits.js';

/** Counts by client address what is answered under these paths, which no guard sees. Call it before the routes are there. */
export function throttleDocuments(app: NestFastifyApplication, paths: readonly string[]): void {
  const due = app.get(DueHits);
  const limits = app.get(RateLimits);

  // Nest is not asked about these routes, so its filter does not hear of a problem.
  const count: onRequestAsyncHookHandler = async (request: FastifyRequest & CountedRequest, reply) => {
    request.isCounted = true;
    due.add(request, reply, addressHit(request, limits));
    try {
      await due.count(request);
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      await reply.send(problemAnswer(request, reply, error));
    }
  };

  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route: RouteOptions) => {
      if (paths.some((path) => route.url === path || route.url.startsWith(`${path}/`))) {
        route.onRequest = [route.onRequest ?? [], count].flat();
      }
    });
}
