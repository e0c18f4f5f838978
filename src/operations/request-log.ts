import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { clientIpOf } from '../http/client-ip.js';
import { askedMethod } from '../http/unreadable-request.js';

/** Writes one line a request: who, what, how it ended, how long it took. The path without its query, which may hold secrets. */
export function logRequests(app: NestFastifyApplication, logger: Logger): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook(
      'onResponse',
      (request: FastifyRequest & { user?: { sub: string } }, reply: FastifyReply, done: () => void) => {
        logger.info(
          {
            requestId: request.id,
            method: askedMethod(request),
            path: request.originalUrl.split('?', 1)[0],
            status: reply.statusCode,
            ms: Math.round(reply.elapsedTime * 10) / 10,
            ip: clientIpOf(request),
            userId: request.user?.sub,
          },
          'request',
        );
        done();
      },
    );
}
