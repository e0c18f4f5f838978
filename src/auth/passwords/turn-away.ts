import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { onRequestHookHandler, RouteOptions } from 'fastify';
import { addressHit } from '../../throttling/address-hit.js';
import { DueHits } from '../../throttling/due-hits.js';
import { RateLimits } from '../../throttling/rate-limits.js';
import { hashesPassword } from './hashes-password.decorator.js';
import { PasswordHasher, tooManyWait } from './password-hasher.js';

/**
 * Turns away whoever comes to have a password hashed while too many wait, before their body is read: hundreds who come at
 * once hold up everybody for as long as it takes to refuse them. They count for their address. No other route asks.
 */
export function turnAwayWhileFull(app: NestFastifyApplication): void {
  const hasher = app.get(PasswordHasher);
  const due = app.get(DueHits);
  const limits = app.get(RateLimits);

  const turnAway: onRequestHookHandler = (request, reply, done) => {
    if (!hasher.isFull) {
      done();
      return;
    }
    due.add(request, reply, addressHit(request, limits));
    done(tooManyWait());
  };

  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route: RouteOptions) => {
      if (hashesPassword({ routeOptions: route })) {
        route.onRequest = [route.onRequest ?? [], turnAway].flat();
      }
    });
}
