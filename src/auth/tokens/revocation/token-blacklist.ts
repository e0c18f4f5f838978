import { Injectable } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { Clock } from '../../../time/clock.js';
import type { Revocation } from './revocation.js';

/** The claims by which a token can be taken back. */
export interface RevocableClaims {
  readonly jti: string;
  readonly sid: string;
  readonly sub: string;
  readonly ver: number;
}

interface Bucket {
  /** Unix time in milliseconds from which nothing in the bucket matters any more. */
  readonly endsAt: number;
  /** Token and session ids; they are refused whatever the version says, so theirs is infinite. */
  readonly revokedBelow: Map<string, number>;
}

/**
 * Says from memory, exactly and synchronously, whether a token has been taken back. Entries are kept in
 * buckets by expiry: forgetting is dropping the oldest bucket, whatever it holds.
 */
@Injectable()
export class TokenBlacklist {
  private readonly bucketWidth: number;
  private buckets: Bucket[] = [];

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    // A quarter of a token's life: few buckets to look into, and never kept much longer than needed.
    this.bucketWidth = Math.max(1000, settings.ACCESS_TOKEN_TTL * 250);
  }

  /** Takes in a revocation; again, or a weaker one, changes nothing. */
  add(revocation: Revocation): void {
    this.forgetExpired();
    if (revocation.expiresAt <= this.clock.now()) {
      return;
    }
    const { revokedBelow } = this.bucketFor(revocation.expiresAt);
    const version = revocation.reach === 'user' ? revocation.version : Infinity;
    revokedBelow.set(revocation.subject, Math.max(version, revokedBelow.get(revocation.subject) ?? 0));
  }

  /** Whether the token, its session, or its user's version has been taken back. */
  isRevoked({ jti, sid, sub, ver }: RevocableClaims): boolean {
    this.forgetExpired();
    for (const { revokedBelow } of this.buckets) {
      if (revokedBelow.has(jti) || revokedBelow.has(sid) || (revokedBelow.get(sub) ?? 0) > ver) {
        return true;
      }
    }
    return false;
  }

  /** How many revocations are remembered. */
  get size(): number {
    this.forgetExpired();
    return this.buckets.reduce((sum, { revokedBelow }) => sum + revokedBelow.size, 0);
  }

  private bucketFor(expiresAt: number): Bucket {
    const endsAt = (Math.floor(expiresAt / this.bucketWidth) + 1) * this.bucketWidth;
    const found = this.buckets.find((bucket) => bucket.endsAt === endsAt);
    if (found) {
      return found;
    }
    const bucket: Bucket = { endsAt, revokedBelow: new Map() };
    this.buckets = [...this.buckets, bucket].toSorted((one, other) => one.endsAt - other.endsAt);
    return bucket;
  }

  private forgetExpired(): void {
    const now = this.clock.now();
    while (this.buckets[0] && this.buckets[0].endsAt <= now) {
      this.buckets.shift();
    }
  }
}
