import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../../config/settings.js';
import { requestCookie } from '../../http/request-cookie.js';
import { accountKey } from '../../throttling/account-key.js';
import { Clock } from '../../time/clock.js';
import { deriveSealingKey } from '../tokens/keys/sealing.js';
import { makeDeviceToken, readDeviceToken } from './device-token.js';

/** For how long a browser is known after it last signed in, in seconds. */
const MAX_AGE = 365 * 86_400;

/**
 * The cookie by which a browser that has signed in to an account before is known, so that its attempts are counted apart
 * from those of everybody else (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”).
 */
@Injectable()
export class DeviceCookie {
  private readonly name: string;
  private readonly key: Buffer;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    this.name = settings.servesHttps ? '__Host-latchkey-device' : 'latchkey-device';
    this.key = deriveSealingKey(settings.KEY_ENCRYPTION_SECRET, 'device-cookie');
  }

  /** The id of the browser, if it has signed in to this account before. */
  read(request: FastifyRequest, email: string): string | undefined {
    const token = requestCookie(request, this.name);
    return token === undefined
      ? undefined
      : readDeviceToken(this.key, accountKey(email), token, { now: this.clock.seconds(), maxAge: MAX_AGE });
  }

  /** Lets the browser be known from now on; one that is known keeps its id. */
  deliver(reply: FastifyReply, email: string, deviceId: string | undefined): void {
    const token = makeDeviceToken(this.key, accountKey(email), this.clock.seconds(), deviceId);
    this.adapterHost.httpAdapter.setCookie(reply, this.name, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.settings.servesHttps,
      maxAge: MAX_AGE,
    });
  }
}
