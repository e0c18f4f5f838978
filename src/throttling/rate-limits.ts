import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import type { RateLimit } from './rate-limit.js';

const MINUTE_MS = 60_000;

/** The limits as set. */
@Injectable()
export class RateLimits {
  /** By client address, before anybody is known. */
  readonly address: RateLimit;
  /** By user, after the token is known. */
  readonly principal: RateLimit;
  /** By client address, on the routes where secrets can be tried. */
  readonly auth: RateLimit;
  /** Failed sign-ins by account, whatever the address. */
  readonly account: RateLimit;
  /** Mails for a new password by account, whatever the address. */
  readonly reset: RateLimit;
  /** By service, once it is known. */
  readonly service: RateLimit;
  /** Failures of services to say who they are, by client address. */
  readonly serviceFailures: RateLimit;

  constructor(settings: Settings) {
    this.address = { name: 'address', limit: settings.THROTTLE_LIMIT, windowMs: MINUTE_MS };
    this.principal = { name: 'principal', limit: settings.THROTTLE_LIMIT, windowMs: MINUTE_MS };
    this.auth = { name: 'auth', limit: settings.THROTTLE_AUTH_LIMIT, windowMs: MINUTE_MS };
    this.account = { name: 'account', limit: settings.THROTTLE_ACCOUNT_LIMIT, windowMs: 15 * MINUTE_MS };
    this.reset = { name: 'reset', limit: settings.THROTTLE_RESET_LIMIT, windowMs: 15 * MINUTE_MS };
    this.service = { name: 'service', limit: settings.THROTTLE_CLIENT_LIMIT, windowMs: MINUTE_MS };
    this.serviceFailures = {
      name: 'service-failures',
      limit: settings.THROTTLE_AUTH_LIMIT,
      windowMs: MINUTE_MS,
    };
  }
}

/** A limit as the `RateLimit-Policy` field says it (draft-ietf-httpapi-ratelimit-headers-10). */
export function policyOf({ name, limit, windowMs }: RateLimit): string {
  return `"${name}";q=${limit};w=${windowMs / 1000}`;
}
