import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import { AccessTokenService } from './access-token.service.js';
import { JwksController } from './keys/jwks.controller.js';
import { KeyAdministrationService } from './keys/key-administration.service.js';
import { KeyAudit } from './keys/key-audit.js';
import { KeyRing } from './keys/key-ring.js';
import { KeyStore } from './keys/key-store.js';
import { KeySuccession } from './keys/key-succession.js';
import { KeyUpkeep } from './keys/key-upkeep.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysFile } from './keys/keys-file.js';
import { MetadataController } from './keys/metadata.controller.js';
import { SigningKeyRow } from './keys/signing-key.entity.js';
import { EmbeddedRevocationFeed } from './revocation/embedded-revocation-feed.js';
import { PostgresRevocationFeed } from './revocation/postgres-revocation-feed.js';
import { RevocationCheck } from './revocation/revocation-check.js';
import { RevocationRow } from './revocation/revocation.entity.js';
import { RevocationFeed } from './revocation/revocation-feed.js';
import { RevocationRecorder } from './revocation/revocation-recorder.js';
import { RevocationStore } from './revocation/revocation-store.js';
import { TokenBlacklist } from './revocation/token-blacklist.js';
import { TokenSigner } from './token-signer.js';

/** Access tokens: the keys that sign them, issuing them, and taking them back. */
@Module({
  imports: [JwtModule.register({}), TypeOrmModule.forFeature([SigningKeyRow, RevocationRow])],
  controllers: [JwksController, MetadataController, KeysController],
  providers: [
    KeyStore,
    KeysFile,
    KeyAudit,
    KeySuccession,
    KeyRing,
    KeyAdministrationService,
    KeyUpkeep,
    TokenSigner,
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
  exports: [
    KeyRing,
    KeyStore,
    AccessTokenService,
    RevocationFeed,
    RevocationRecorder,
    RevocationCheck,
    TokenBlacklist,
  ],
})
export class TokensModule {}
