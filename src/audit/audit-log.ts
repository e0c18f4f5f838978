import { Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../http/caller.decorator.js';

/** What is worth keeping (ASVS 16.3). */
export type AuditEvent =
  | 'registered'
  | 'signed-in'
  | 'sign-in-failed'
  | 'reauthenticated'
  | 'signed-out'
  | 'signed-out-elsewhere'
  | 'signed-out-everywhere'
  | 'session-ended'
  | 'refresh-token-reused'
  | 'dpop-proof-refused'
  | 'password-changed'
  | 'password-check-failed'
  | 'password-reset-requested'
  | 'password-reset-limited'
  | 'password-reset-refused'
  | 'password-reset'
  | 'registration-requested'
  | 'email-verification-requested'
  | 'email-verification-limited'
  | 'email-verification-refused'
  | 'email-verified'
  | 'email-change-requested'
  | 'email-changed'
  | 'second-factor-begun'
  | 'second-factor-enabled'
  | 'second-factor-disabled'
  | 'second-factor-asked'
  | 'second-factor-refused'
  | 'recovery-codes-made'
  | 'recovery-code-used'
  | 'account-changed'
  | 'account-deleted'
  | 'key-made'
  | 'key-rotated'
  | 'key-retired'
  | 'keys-resealed'
  | 'session-displaced'
  | 'client-created'
  | 'client-revoked'
  | 'client-authentication-failed'
  | 'token-revoked';

/** Who did it, to whom; ids only, never an address or a name. */
export interface AuditSubject {
  /** The account concerned; unknown where somebody tries an address that has none. */
  readonly userId?: string | undefined;
  readonly sessionId?: string;
  /** The administrator, where it was not the owner. */
  readonly byUserId?: string;
  readonly roles?: readonly string[];
  readonly status?: string;
  /** The signing key concerned. */
  readonly kid?: string;
  readonly algorithm?: string;
  /** The service that did it, or that it was done to. */
  readonly clientId?: string;
  /** The access token (`jti`) that was taken back. */
  readonly tokenId?: string;
}

const SUSPICIOUS: ReadonlySet<AuditEvent> = new Set([
  'sign-in-failed',
  'refresh-token-reused',
  'dpop-proof-refused',
  'password-check-failed',
  'password-reset-limited',
  'password-reset-refused',
  'email-verification-limited',
  'email-verification-refused',
  'second-factor-refused',
  'client-authentication-failed',
]);

/** Writes what happened, by whom, to whom, from where and in which request, into the structured log. */
@Injectable()
export class AuditLog {
  /** The `context` of its lines. */
  static readonly CONTEXT = 'Audit';

  private readonly logger = new Logger(AuditLog.CONTEXT);

  /** Records an event; the log adds the time. */
  record(event: AuditEvent, subject: AuditSubject, { ip, requestId }: Caller): void {
    const line = { audit: event, ...subject, ip, requestId };
    if (SUSPICIOUS.has(event)) {
      this.logger.warn(line, event);
    } else {
      this.logger.log(line, event);
    }
  }
}
