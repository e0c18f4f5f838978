import { Injectable } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { Clock } from '../../../time/clock.js';
import type { Revocation } from './revocation.js';
import { RevokedIds } from './revoked-ids.js';
import { SegmentPool } from './segment-pool.js';

/**
 * Within so many milliseconds clocks agree (docs/tokens.md). A revocation is kept for longer than that beyond the life of
 * a token, so nothing is missed where the clock is set back by less.
 */
const TOLERANCE_MS = 5000;

/** The claims by which a token can be taken back: UUIDs, and the version of the user. */
export interface RevocableClaims {
  readonly jti: string;
  readonly sid: string;
  readonly sub: string;
  readonly ver: number;
}

/** Says from memory, exactly and synchronously, whether a token has been taken back. */
@Injectable()
export class TokenBlacklist {
  private readonly revoked: Readonly<Record<Revocation['reach'], RevokedIds>>;
  /** The latest time by which something may have been forgotten. */
  private forgottenBy = -Infinity;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    // A quarter of a token's life: few buckets to look into, and never kept much longer than needed.
    const bucketWidth = Math.max(1000, settings.ACCESS_TOKEN_TTL * 250);
    const pool = new SegmentPool();
    this.revoked = {
      token: new RevokedIds(bucketWidth, pool),
      session: new RevokedIds(bucketWidth, pool),
      user: new RevokedIds(bucketWidth, pool),
    };
  }

  /** Takes in a revocation; again, or a weaker one, changes nothing. */
  add(revocation: Revocation): void {
    const { reach, subject, expiresAt } = revocation;
    const version = revocation.reach === 'user' ? revocation.version : 1;
    this.revoked[reach].add(subject, version, expiresAt, this.now());
  }

  /** Whether the token, its session, or its user's version has been taken back. */
  isRevoked({ jti, sid, sub, ver }: RevocableClaims): boolean {
    const { token, session, user } = this.revoked;
    const now = this.now();
    return (
      session.revokedBelow(sid, now) > 0 ||
      user.revokedBelow(sub, now) > ver ||
      token.revokedBelow(jti, now) > 0
    );
  }

  /** How many revocations are remembered. */
  get size(): number {
    const now = this.now();
    return Object.values(this.revoked).reduce((sum, ids) => sum + ids.sizeAt(now), 0);
  }

  /**
   * Whether the wall clock has been set back behind a time by which something was forgotten that matters again. It is so
   * until all of it is about to be read again.
   */
  hasForgottenTooMuch(): boolean {
    const now = this.now();
    return now < this.forgottenBy - TOLERANCE_MS;
  }

  /** Called before every revocation that has not expired is read, and added anew. */
  startOver(): void {
    this.forgottenBy = this.clock.now();
  }

  private now(): number {
    const now = this.clock.now();
    this.forgottenBy = Math.max(this.forgottenBy, now);
    return now;
  }
}
