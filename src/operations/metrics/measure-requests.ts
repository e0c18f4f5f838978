import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasKnownMethod } from '../../http/unreadable-request.js';
import { Metrics } from './metrics.js';

/** The route of a request that no route was found for. */
const NONE = 'none';
/** The method of a request whose method there is not. */
const UNKNOWN = 'unknown';

/** Measures each request by the pattern of its route, so that there are as many series as routes, whatever is asked. */
export function measureRequests(app: NestFastifyApplication): void {
  const { requests } = app.get(Metrics);
  // Spares putting the labels together each time.
  const known = new Map<string, ReturnType<typeof requests.labels>>();

  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      const method = hasKnownMethod(request) ? request.method : UNKNOWN;
      const route = request.routeOptions.url ?? NONE;
      const status = String(reply.statusCode);
      const key = `${method} ${route} ${status}`;
      let series = known.get(key);
      if (series === undefined) {
        series = requests.labels(method, route, status);
        known.set(key, series);
      }
      series.observe(reply.elapsedTime / 1000);
      done();
    });
}
