import { Injectable } from '@nestjs/common';
import { AuditLog, type AuditSubject } from '../../../audit/audit-log.js';
import { type Caller, LOCAL_COMMAND } from '../../../http/caller.decorator.js';
import type { SigningKeyRow } from './signing-key.entity.js';

/** Who asks for a change of keys: an administrator over the API; a command, the start or the schedule otherwise. */
export interface KeyRequest {
  readonly caller: Caller;
  readonly byUserId?: string;
}

/** The request of a process that does what it has to by itself: at start, or by schedule. */
export const BY_ITSELF: KeyRequest = { caller: LOCAL_COMMAND };

/** What happened to signing keys, for the audit log (ASVS 16.3.1). */
@Injectable()
export class KeyAudit {
  constructor(private readonly audit: AuditLog) {}

  /** A key was made, or none. */
  made(row: SigningKeyRow | null, request: KeyRequest): void {
    if (row) {
      this.audit.record('key-made', subjectOf(row, request), request.caller);
    }
  }

  /** A key was made to follow on the present one, or none. */
  rotated(row: SigningKeyRow | null, request: KeyRequest): void {
    this.made(row, request);
    if (row) {
      this.audit.record('key-rotated', subjectOf(row, request), request.caller);
    }
  }

  /** A key was ended before its time. */
  retired(kid: string, request: KeyRequest): void {
    this.audit.record('key-retired', subjectOf({ kid }, request), request.caller);
  }
}

function subjectOf(
  { kid, algorithm }: Pick<SigningKeyRow, 'kid'> & Partial<SigningKeyRow>,
  { byUserId }: KeyRequest,
): AuditSubject {
  return { kid, ...(algorithm && { algorithm }), ...(byUserId !== undefined && { byUserId }) };
}
