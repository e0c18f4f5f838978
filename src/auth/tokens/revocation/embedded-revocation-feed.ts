import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationStore } from './revocation-store.js';
import { TokenBlacklist } from './token-blacklist.js';

/** The feed of a single process: what it writes it knows, what it wrote before a restart it loads. */
@Injectable()
export class EmbeddedRevocationFeed extends RevocationFeed implements OnModuleInit {
  constructor(
    private readonly store: RevocationStore,
    private readonly blacklist: TokenBlacklist,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    for (const revocation of await this.store.alive()) {
      this.blacklist.add(revocation);
    }
  }

  async announce(): Promise<void> {
    // There is nobody else to tell.
  }

  isFresh(): boolean {
    return true;
  }
}
