// The house as it is built, with the measured route in it and with the guards that a variant asks for.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_GUARD } from '@nestjs/core';
import { v7 } from 'uuid';
import { AppModule } from '../dist/app.module.js';
import { JwtAuthGuard } from '../dist/auth/guards/jwt-auth.guard.js';
import { RolesGuard } from '../dist/auth/guards/roles.guard.js';
import { AccessTokenService } from '../dist/auth/tokens/access-token.service.js';
import { TokenBlacklist } from '../dist/auth/tokens/revocation/token-blacklist.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { configureHttp } from '../dist/http/configure-http.js';
import { createHttpAdapter } from '../dist/http/http-adapter.js';
import { createLogger } from '../dist/operations/logger.js';
import { logRequests } from '../dist/operations/request-log.js';
import { AddressThrottlerGuard } from '../dist/throttling/address-throttler.guard.js';
import { PrincipalThrottlerGuard } from '../dist/throttling/principal-throttler.guard.js';
import { BenchController } from './guards-route.mjs';

/** The global guards of app.module.ts, in their order. */
export const GUARDS = [AddressThrottlerGuard, JwtAuthGuard, RolesGuard, PrincipalThrottlerGuard];

const REVOCATIONS = 100_000;
const TOKEN_TTL_SECONDS = 4 * 3600;

/** AppModule with every room of it, on an embedded database of its own (or as `environment` says), but with these guards only. */
export function house(guards, { withHttpEdge = false, environment = {} } = {}) {
  const settings = benchSettings(environment);
  const logger = createLogger(settings);
  return {
    module: {
      ...AppModule.with(settings),
      controllers: [BenchController],
      providers: guards.map((guard) => ({ provide: APP_GUARD, useExisting: guard })),
    },
    ...(withHttpEdge && {
      adapter: () => createHttpAdapter(settings, logger),
      configure: (app, adapter) => {
        configureHttp(app, adapter, settings);
        logRequests(app, logger);
      },
    }),
    prepare: (app) => fillBlacklist(app.get(TokenBlacklist)),
    signTokens: (app, count) => signTokens(app.get(AccessTokenService), count),
  };
}

// Limits that the load does not reach; tokens that live as long as the benchmark.
function benchSettings(environment) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return loadSettings({
    NODE_ENV: 'test',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'warn',
    THROTTLE_LIMIT: '10000000',
    ACCESS_TOKEN_TTL: String(TOKEN_TTL_SECONDS),
    ...environment,
  });
}

// What a busy shop takes back within the life of a token: mostly sessions, some single tokens, some whole users.
function fillBlacklist(blacklist) {
  const now = Date.now();
  for (let index = 0; index < REVOCATIONS; index++) {
    const expiresAt = now + (index / REVOCATIONS) * TOKEN_TTL_SECONDS * 1000;
    blacklist.add(revocation(index % 10, expiresAt));
  }
}

function revocation(digit, expiresAt) {
  if (digit === 0) {
    return { reach: 'user', subject: v7(), version: 2, expiresAt };
  }
  return digit === 1
    ? { reach: 'token', subject: randomUUID(), expiresAt }
    : { reach: 'session', subject: v7(), expiresAt };
}

// One user and session each.
async function signTokens(accessTokens, count) {
  const tokens = [];
  for (let index = 0; index < count; index++) {
    const user = { id: v7(), roles: ['customer'], version: 1 };
    tokens.push(
      (
        await accessTokens.issue(
          user,
          { id: v7(), authenticatedAt: new Date(), jkt: null },
          await accessTokens.prepare(),
        )
      ).accessToken,
    );
  }
  return tokens;
}
