import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Readiness } from './readiness.js';

/** The longest that requests already begun may take to end, in milliseconds. */
const DRAIN_MS = 15_000;
/** The shortest time that `/health/ready` says 503 before connections are refused, in milliseconds. */
const NOTICE_MS = 300;

/** On SIGTERM or SIGINT: not ready any more, requests that have begun end (15 s at most), then exit 0. */
export function stopGracefully(app: NestFastifyApplication, logger: Logger): void {
  const running = new Set<FastifyRequest>();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    if (!request.url.startsWith('/health/')) {
      running.add(request);
      // Also when the client goes away before the answer is complete.
      reply.raw.once('close', () => running.delete(request));
    }
    done();
  });
  const stop = async (signal: string): Promise<void> => {
    const deadline = performance.now() + DRAIN_MS;
    logger.info({ signal, running: running.size }, 'Stopping');
    app.get(Readiness).stop();
    await pause(NOTICE_MS);
    while (running.size > 0 && performance.now() < deadline) {
      await pause(50);
    }
    await Promise.race([app.close(), pause(Math.max(1000, deadline - performance.now()))]);
    logger.info('Stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => void stop(signal));
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
