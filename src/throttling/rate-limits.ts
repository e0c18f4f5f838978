import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { makeRateLimit } from './rate-limit.js';

/** The limits as set. */
@Injectable()
export class RateLimits {
  /** By client address, whoever asks. */
  readonly address = makeRateLimit('address', this.settings.THROTTLE_LIMIT);
  /** By user, after the token is known. */
  readonly principal = makeRateLimit('principal', this.settings.THROTTLE_LIMIT);
  /** By client address, on the routes where secrets can be tried. */
  readonly auth = makeRateLimit('auth', this.settings.THROTTLE_AUTH_LIMIT);
  /** Failed sign-ins by account, whatever the address. */
  readonly account = makeRateLimit('account', this.settings.THROTTLE_ACCOUNT_LIMIT, { isCostly: true });
  /** Wrong codes of second factors by account, and failed sign-ins by account and by a browser that has signed in to it before. */
  readonly device = makeRateLimit('device', this.settings.THROTTLE_DEVICE_LIMIT, { isCostly: true });
  /** Mails for a new password by account, whatever the address. */
  readonly reset = makeRateLimit('reset', this.settings.THROTTLE_RESET_LIMIT);
  /** Registrations that wait for their address, and mails about those that do not. */
  readonly registration = makeRateLimit('registration', this.settings.THROTTLE_RESET_LIMIT);
  /** Mails that verify an address, asked for again or for a change. */
  readonly verification = makeRateLimit('verification', this.settings.THROTTLE_RESET_LIMIT);
  /** By service, once it is known. */
  readonly service = makeRateLimit('service', this.settings.THROTTLE_CLIENT_LIMIT);
  /** Refresh tokens that are none, by client address. */
  readonly refreshFailures = makeRateLimit('refresh-failures', this.settings.THROTTLE_AUTH_LIMIT);
  /** Failures of services to say who they are, by client address. */
  readonly serviceFailures = makeRateLimit('service-failures', this.settings.THROTTLE_AUTH_LIMIT);

  constructor(private readonly settings: Settings) {}
}
