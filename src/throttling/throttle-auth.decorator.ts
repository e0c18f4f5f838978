import { limitRoute } from './rate-limited.decorator.js';

/** Where secrets can be tried: `THROTTLE_AUTH_LIMIT` a minute and address, on all such routes together. */
export function ThrottleAuth(): MethodDecorator & ClassDecorator {
  return limitRoute({ by: 'address', rateLimit: 'auth' });
}
