import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import { AccessTokenService } from './access-token.service.js';
import { JwksController } from './keys/jwks.controller.js';
import { KeyRing } from './keys/key-ring.js';
import { KeyStore } from './keys/key-store.js';
import { SigningKeyRow } from './keys/signing-key.entity.js';
import { EmbeddedRevocationFeed } from './revocation/embedded-revocation-feed.js';
import { PostgresRevocationFeed } from './revocation/postgres-revocation-feed.js';
import { RevocationCheck } from './revocation/revocation-check.js';
import { RevocationRow } from './revocation/revocation.entity.js';
import { RevocationFeed } from './revocation/revocation-feed.js';
import { RevocationRecorder } from './revocation/revocation-recorder.js';
import { RevocationStore } from './revocation/revocation-store.js';
import { TokenBlacklist } from './revocation/token-blacklist.js';

/** Access tokens: the keys that sign them, issuing them, and taking them back. */
@Module({
  imports: [JwtModule.register({}), TypeOrmModule.forFeature([SigningKeyRow, RevocationRow])],
  controllers: [JwksController],
  providers: [
    KeyStore,
    KeyRing,
    AccessTokenService,
    TokenBlacklist,
    RevocationStore,
    RevocationRecorder,
    RevocationCheck,
    {
      provide: RevocationFeed,
      inject: [Settings, Clock, RevocationStore, TokenBlacklist],
      useFactory: (
        settings: Settings,
        clock: Clock,
        store: RevocationStore,
        blacklist: TokenBlacklist,
      ): RevocationFeed =>
        settings.DATABASE_URL
          ? new PostgresRevocationFeed(settings, clock, store, blacklist)
          : new EmbeddedRevocationFeed(store, blacklist),
    },
  ],
  exports: [KeyRing, AccessTokenService, RevocationFeed, RevocationRecorder, RevocationCheck, TokenBlacklist],
})
export class TokensModule {}
