import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../time/clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { readAccessTokenHeader } from '../tokens/compact-jwt.js';
import { KeyRing } from '../tokens/keys/key-ring.js';
import type { VerifyingKey } from '../tokens/keys/ring-key.js';

/** How many tokens are remembered; the one unused for longest goes first. About 1.5 kB each. */
export const MAX_REMEMBERED = 50_000;

interface VerifiedToken {
  readonly claims: AccessTokenClaims;
  readonly key: VerifyingKey;
}

/** Tokens whose signature and claims have been found right once, so that it is not paid for at each request. */
@Injectable()
export class VerifiedTokens {
  private readonly tokens = new LRUCache<string, VerifiedToken>({ max: MAX_REMEMBERED });

  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** The claims of a remembered token that has not expired and whose key has not left the ring. */
  find(token: string): AccessTokenClaims | undefined {
    const found = this.tokens.get(token);
    if (found === undefined) {
      return undefined;
    }
    const now = this.clock.now();
    if (found.claims.exp * 1000 <= now || found.key.verifiesUntil <= now) {
      this.tokens.delete(token);
      return undefined;
    }
    return found.claims;
  }

  /** Remembers a token that has just passed the full check. */
  remember(token: string, claims: AccessTokenClaims): void {
    const key = this.keyRing.find(readAccessTokenHeader(token)?.kid ?? '');
    if (key) {
      this.tokens.set(token, { claims, key });
    }
  }

  /** How many tokens are remembered. */
  get size(): number {
    return this.tokens.size;
  }
}
