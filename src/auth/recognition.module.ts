import { Global, Module } from '@nestjs/common';
import { KnownPrincipals } from '../throttling/known-principals.js';
import { VerifiedPrincipals } from './guards/verified-principals.js';
import { VerifiedTokens } from './guards/verified-tokens.js';
import { TokensModule } from './tokens/tokens.module.js';

/** Tokens that have been verified, and what the throttler, which knows nothing of tokens, may know of them. */
@Global()
@Module({
  imports: [TokensModule],
  providers: [VerifiedTokens, { provide: KnownPrincipals, useClass: VerifiedPrincipals }],
  exports: [VerifiedTokens, KnownPrincipals],
})
export class RecognitionModule {}
