import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { JwtAuthGuard } from './auth/guards/jwt-auth.guard.js';
import { ServiceAuthGuard } from './auth/oauth/service-auth.guard.js';
import { RolesGuard } from './auth/guards/roles.guard.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { AddressThrottlerGuard } from './throttling/address-throttler.guard.js';
import { PrincipalThrottlerGuard } from './throttling/principal-throttler.guard.js';
import { SeedModule } from './seed/seed.module.js';
import { ThrottlingModule } from './throttling/throttling.module.js';
import { TimeModule } from './time/time.module.js';
import { UsersModule } from './users/users.module.js';

/** What every request passes before its controller, in this order. */
const GLOBAL_GUARDS = [
  AddressThrottlerGuard,
  JwtAuthGuard,
  ServiceAuthGuard,
  RolesGuard,
  PrincipalThrottlerGuard,
];

/** The whole house on one page. */
@Module({})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        TimeModule,
        AuditModule,
        DatabaseModule.with(settings),
        ThrottlingModule,
        UsersModule,
        AuthModule,
        CatalogModule,
        SeedModule,
        OperationsModule,
      ],
      providers: GLOBAL_GUARDS.map((guard) => ({ provide: APP_GUARD, useExisting: guard })),
    };
  }
}
