import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../../config/settings.js';
import { requestCookie } from '../../http/request-cookie.js';
import { accountKey } from '../../throttling/account-key.js';
import { Clock } from '../../time/clock.js';
import { type AccountPassword, PasswordsService } from '../passwords/passwords.service.js';
import type { Session } from '../sessions/session.entity.js';
import { deriveSealingKey } from '../tokens/keys/sealing.js';
import { isGivenFor, makeDeviceToken, readDeviceToken } from './device-token.js';

/** For how long a browser is known after it last signed in, in seconds. */
const MAX_AGE = 365 * 86_400;

/** What OpenAPI says of answers that set the cookie. */
export const SETS_DEVICE_COOKIE = {
  'Set-Cookie': {
    description: '`latchkey-device`, by which the browser is known when it signs in again.',
    schema: { type: 'string' as const, example: 'latchkey-device=…; Path=/; HttpOnly; SameSite=Strict' },
  },
};

/** An account and the password that a browser has just proved to know, or has set. */
export interface ProvedAccount extends AccountPassword {
  readonly email: string;
}

/**
 * The cookie by which a browser that has signed in to an account before is known, so that its attempts are counted apart
 * from those of everybody else (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”). It is good only for the
 * account and the password that it was given for: nobody collects cookies for an account of somebody else's.
 */
@Injectable()
export class DeviceCookie {
  private readonly name: string;
  private readonly key: Buffer;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly passwords: PasswordsService,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    this.name = settings.servesHttps ? '__Host-latchkey-device' : 'latchkey-device';
    this.key = deriveSealingKey(settings.KEY_ENCRYPTION_SECRET, 'device-cookie');
  }

  /**
   * The id of the browser, if it has signed in to this account with the password that it has now. Only whoever sends a
   * cookie of ours for this address costs a query.
   */
  async read(request: FastifyRequest, email: string): Promise<string | undefined> {
    const token = requestCookie(request, this.name);
    const freshness = { now: this.clock.seconds(), maxAge: MAX_AGE };
    const sent =
      token === undefined ? undefined : readDeviceToken(this.key, accountKey(email), token, freshness);
    const password = sent && (await this.passwords.currentFor(email));
    return password && isGivenFor(this.key, sent, password) ? sent.id : undefined;
  }

  /** Lets the browser be known from now on; one that is known keeps its id. */
  deliver(reply: FastifyReply, { email, ...password }: ProvedAccount, deviceId?: string): void {
    const token = makeDeviceToken(this.key, accountKey(email), password, this.clock.seconds(), deviceId);
    this.adapterHost.httpAdapter.setCookie(reply, this.name, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.settings.servesHttps,
      maxAge: MAX_AGE,
    });
  }

  /** The same within a session, where its tokens travel in cookies; an app that keeps none is no browser. */
  deliverIn({ delivery }: Session, reply: FastifyReply, account: ProvedAccount, deviceId?: string): void {
    if (delivery === 'cookie') {
      this.deliver(reply, account, deviceId);
    }
  }
}
