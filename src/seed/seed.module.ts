import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { UsersModule } from '../users/users.module.js';
import { DevelopmentAccounts } from './development-accounts.js';
import { SeedService } from './seed.service.js';

/** What a development installation starts with. */
@Module({
  imports: [UsersModule, AuthModule, CatalogModule],
  providers: [SeedService, DevelopmentAccounts],
})
export class SeedModule {}
