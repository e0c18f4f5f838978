import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../../config/settings.js';
import { requestCookie } from '../../http/request-cookie.js';
import { Clock } from '../../time/clock.js';
import type { Session } from './session.entity.js';

/**
 * The cookie that carries a browser's refresh token: out of reach of scripts, same site only, and over HTTPS bound to
 * this host by its `__Host-` prefix (RFC 6265bis 4.1.3.2).
 */
@Injectable()
export class CookieDelivery {
  private readonly name: string;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    this.name = settings.servesHttps ? '__Host-latchkey-refresh' : 'latchkey-refresh';
  }

  /** The refresh token in the request's cookie, if there is one. */
  read(request: FastifyRequest): string | undefined {
    return requestCookie(request, this.name);
  }

  /** Sets the cookie of a session that has its refresh token delivered so; it lives as long as the session may. */
  deliver(reply: FastifyReply, { session, refreshToken }: { session: Session; refreshToken: string }): void {
    if (session.delivery === 'cookie') {
      const endsAt = Math.min(session.idleUntil.getTime(), session.expiresAt.getTime());
      const maxAge = Math.floor((endsAt - this.clock.now()) / 1000);
      this.adapterHost.httpAdapter.setCookie(reply, this.name, refreshToken, {
        ...this.attributes(),
        maxAge,
      });
    }
  }

  /** Makes the browser forget the cookie. */
  clear(reply: FastifyReply): void {
    this.adapterHost.httpAdapter.clearCookie(reply, this.name, this.attributes());
  }

  private attributes() {
    return { path: '/', httpOnly: true, sameSite: 'strict', secure: this.settings.servesHttps } as const;
  }
}
