import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { NOTHING_SEEN, RevocationStore } from './revocation-store.js';
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
    for await (const batch of this.store.unseenBy(NOTHING_SEEN)) {
      batch.forEach((revocation) => this.blacklist.add(revocation));
    }
  }

  announce(): void {
    // There is nobody else to tell.
  }

  isFresh(): boolean {
    return true;
  }
}
