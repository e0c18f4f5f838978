import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuditLog, type AuditSubject } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { isRefreshToken } from '../sessions/refresh-token.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { AccessTokenVerifier } from '../strategies/access-token-verifier.js';
import { RevocationRecorder } from '../tokens/revocation/revocation-recorder.js';
import { findFamily } from './refresh-token-family.js';
import type { ServiceClient } from './service-client.entity.js';

/** Takes back whatever token a service hands over (RFC 7009); what is none, or none any more, is taken back already. */
@Injectable()
export class TokenRevocationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly verifier: AccessTokenVerifier,
    private readonly sessions: SessionsService,
    private readonly revocations: RevocationRecorder,
    private readonly audit: AuditLog,
  ) {}

  /** An access token alone; with a refresh token its session, and with that all its access tokens (RFC 7009 2.1). */
  async revoke(token: string, client: ServiceClient, caller: Caller): Promise<void> {
    const revoked = isRefreshToken(token)
      ? await this.endSessionOf(token)
      : await this.revokeAccessToken(token);
    if (revoked) {
      this.audit.record('token-revoked', { ...revoked, clientId: client.id }, caller);
    }
  }

  private async revokeAccessToken(token: string): Promise<AuditSubject | null> {
    const claims = await this.verifier.verify(token);
    if (!claims) {
      return null;
    }
    const { jti: tokenId, sub: userId, sid: sessionId } = claims;
    await this.dataSource.transaction((manager) => this.revocations.revokeToken(manager, tokenId));
    return { userId, sessionId, tokenId };
  }

  // A used token ends its session too: whoever hands it over may not have seen the one that replaced it.
  private async endSessionOf(refreshToken: string): Promise<AuditSubject | null> {
    return this.dataSource.transaction(async (manager) => {
      const family = await findFamily(manager, refreshToken);
      if (!family) {
        return null;
      }
      const { id: sessionId, userId } = family.session;
      return (await this.sessions.endIn(manager, userId, sessionId)) ? { userId, sessionId } : null;
    });
  }
}
