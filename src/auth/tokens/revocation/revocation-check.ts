import { Injectable } from '@nestjs/common';
import { unavailable } from '../../../http/unavailable.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationStore } from './revocation-store.js';
import { type RevocableClaims, TokenBlacklist } from './token-blacklist.js';

/** How long the database may take to say whether a token is good, in milliseconds. */
const PATIENCE_MS = 2000;

/** Whether a token has been taken back: from memory while the feed is fresh, else from the database. */
@Injectable()
export class RevocationCheck {
  constructor(
    private readonly blacklist: TokenBlacklist,
    private readonly feed: RevocationFeed,
    private readonly store: RevocationStore,
  ) {}

  /** A promise only when memory cannot be trusted. @throws Problem `unavailable` when the database cannot say either */
  isRevoked(claims: RevocableClaims): boolean | Promise<boolean> {
    return this.blacklist.isRevoked(claims) || (this.feed.isFresh() ? false : this.askDatabase(claims));
  }

  private async askDatabase(claims: RevocableClaims): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the database is silent')), PATIENCE_MS);
    });
    try {
      return await Promise.race([this.store.isRevoked(claims), tooLate]);
    } catch (error) {
      throw unavailable('Whether this token is still good cannot be said right now.', error);
    } finally {
      clearTimeout(timer);
    }
  }
}
