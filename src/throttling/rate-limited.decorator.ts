import { parseRateWindows } from '../config/rate-windows.js';
import { type RateLimit, makeRateLimit } from './rate-limit.js';
import type { RateLimits } from './rate-limits.js';

/** Whom a limit counts: the client address, the user or service, or the account that the body names by `email`. */
export type Reach = 'address' | 'principal' | 'account';

/** The name of a limit of `RateLimits`. */
export type SetLimit = keyof RateLimits;

/** A limit of a route. */
export interface RouteLimit {
  readonly by: Reach;
  /** The limit, or the name of one that is set. */
  readonly rateLimit: RateLimit | SetLimit;
}

/** Metadata key of `@RateLimited()`. */
export const RATE_LIMITED = 'latchkey:rate-limited';

/**
 * Limits a route, or all routes of a controller, beyond what limits every route: `@RateLimited('address', 'search',
 * '5/s,100/m')`. Routes that name the same limit are counted together. May be said several times.
 * @throws Error where the windows cannot be read
 */
export function RateLimited(by: Reach, name: string, windows: string): MethodDecorator & ClassDecorator {
  const parsed = parseRateWindows(windows, 60);
  if (!parsed) {
    throw new Error(`@RateLimited: “${windows}” is no limit such as 5/s,100/m.`);
  }
  return limitRoute({ by, rateLimit: makeRateLimit(name, parsed) });
}

/** Adds a limit to those of a route, or of all routes of a controller. */
export function limitRoute(limit: RouteLimit): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const decorated: object = descriptor?.value ?? target;
    const others: RouteLimit[] = Reflect.getMetadata(RATE_LIMITED, decorated) ?? [];
    Reflect.defineMetadata(RATE_LIMITED, [limit, ...others], decorated);
  };
}
