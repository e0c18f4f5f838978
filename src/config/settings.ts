import { IsIn, IsOptional, IsString, Matches, MinLength } from 'class-validator';
import { type RateWindow, IsRateLimit } from './rate-windows.js';
import {
  hasProtocol,
  isAtLeast32Bytes,
  isMailUrl,
  isNetworkList,
  isOriginList,
  isPage,
  isPostgresUrl,
  isReplicaList,
  isSender,
} from './setting-checks.js';
import { CommaSeparated, DAY, IsDuration, IsNumberBetween, IsSwitch, IsThat } from './setting-decorators.js';

export const JWT_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA', 'HS256'] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Every setting of Latchkey: its name in the environment, its type, its default and its check.
 * `.env.example` explains each one; nothing outside `config/` reads `process.env`.
 */
export class Settings {
  @IsIn(['development', 'test', 'production'], { message: 'must be development, test or production' })
  NODE_ENV: 'development' | 'test' | 'production' = 'development';

  @IsString()
  @MinLength(1)
  HOST: string = 'localhost';

  @IsNumberBetween(0, 65_535)
  PORT: number = 3000;

  @IsString()
  @MinLength(1)
  DATA_DIR: string = '.data';

  @IsOptional()
  @IsThat(isPostgresUrl, 'must look like postgres://user:password@host:5432/database')
  DATABASE_URL?: string;

  @IsNumberBetween(1, 1000)
  DATABASE_POOL_SIZE: number = 10;

  @CommaSeparated()
  @IsThat(
    isReplicaList,
    'must be a comma-separated list of postgres://user:password@host:5432/database, with %2C for a comma in a password, and without options',
  )
  DATABASE_REPLICA_URLS: string[] = [];

  @IsDuration(1, DAY)
  REPLICA_MAX_LAG: number = 10;

  @IsSwitch()
  MIGRATE_ON_START: boolean = true;

  @IsOptional()
  @IsThat((value) => hasProtocol(value, ['redis:', 'rediss:']), 'must look like redis://host:6379')
  REDIS_URL?: string;

  @IsIn(JWT_ALGORITHMS, { message: `must be one of ${JWT_ALGORITHMS.join(', ')}` })
  JWT_ALGORITHM: JwtAlgorithm = 'ES256';

  @IsString()
  @MinLength(1)
  JWT_ISSUER: string = 'http://localhost:3000';

  @IsString()
  @MinLength(1)
  JWT_AUDIENCE: string = 'latchkey';

  @IsOptional()
  @IsThat(isAtLeast32Bytes, 'must be 32 bytes (256 bits) or more for HS256 (RFC 7518 3.2)')
  JWT_SECRET?: string;

  @IsOptional()
  @IsString()
  SIGNING_KEYS_FILE?: string;

  @IsDuration(0)
  KEY_ROTATION_INTERVAL: number = 30 * 86_400;

  @IsDuration(2)
  KEY_PUBLICATION_LEAD: number = 360;

  @IsDuration(1)
  ACCESS_TOKEN_TTL: number = 900;

  @IsDuration(1)
  REFRESH_TOKEN_TTL: number = 14 * 86_400;

  @IsDuration(1)
  SESSION_MAX_AGE: number = 90 * 86_400;

  @IsNumberBetween(1, 10_000)
  SESSIONS_PER_ACCOUNT: number = 50;

  @IsDuration(1, DAY)
  REVOCATION_MAX_STALENESS: number = 10;

  @IsThat(isAtLeast32Bytes, 'must be 32 bytes or more; make one with: openssl rand -base64 32')
  KEY_ENCRYPTION_SECRET: string;

  @CommaSeparated()
  @IsThat(
    isOriginList,
    'must be a comma-separated list of origins such as https://shop.example, without a path and never *',
  )
  CORS_ORIGINS: string[] = [];

  @CommaSeparated()
  @IsThat(isNetworkList, 'must be a comma-separated list of addresses or CIDR blocks such as 10.0.0.0/8')
  TRUSTED_PROXIES: string[] = [];

  @IsRateLimit(60)
  THROTTLE_LIMIT: RateWindow[] = [{ limit: 600, windowMs: 60_000 }];

  @IsRateLimit(60)
  THROTTLE_AUTH_LIMIT: RateWindow[] = [{ limit: 30, windowMs: 60_000 }];

  @IsRateLimit(900)
  THROTTLE_ACCOUNT_LIMIT: RateWindow[] = [{ limit: 10, windowMs: 900_000 }];

  @IsRateLimit(900)
  THROTTLE_DEVICE_LIMIT: RateWindow[] = [{ limit: 10, windowMs: 900_000 }];

  @IsRateLimit(900)
  THROTTLE_RESET_LIMIT: RateWindow[] = [{ limit: 5, windowMs: 900_000 }];

  @IsRateLimit(60)
  THROTTLE_CLIENT_LIMIT: RateWindow[] = [{ limit: 6000, windowMs: 60_000 }];

  @IsOptional()
  @IsThat(isMailUrl, 'must look like smtp://user:password@host:587 or smtps://…, and nothing after the port')
  MAIL_URL?: string;

  @IsThat(isSender, 'must be an address, or a name and an address, such as Shop <no-reply@shop.example>')
  MAIL_FROM: string = 'Latchkey <no-reply@latchkey.example>';

  @IsThat(isPage, 'must be the address of a page, such as https://shop.example/reset-password, without a #')
  PASSWORD_RESET_URL: string = 'http://localhost:5173/reset-password';

  @IsThat(isPage, 'must be the address of a page, such as https://shop.example/verify-email, without a #')
  EMAIL_VERIFICATION_URL: string = 'http://localhost:5173/verify-email';

  @IsIn(['optional', 'required'], { message: 'must be optional or required' })
  EMAIL_VERIFICATION: 'optional' | 'required' = 'optional';

  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  @IsOptional()
  @IsString()
  TLS_CERT_FILE?: string;

  @IsOptional()
  @IsString()
  TLS_KEY_FILE?: string;

  @IsDuration(1, DAY)
  HEADERS_TIMEOUT: number = 10;

  @IsDuration(1, DAY)
  REQUEST_TIMEOUT: number = 30;

  @IsDuration(1, DAY)
  KEEP_ALIVE_TIMEOUT: number = 72;

  @IsDuration(1, DAY)
  CONNECTION_TIMEOUT: number = 120;

  @IsNumberBetween(1, 1_000_000)
  MAX_CONNECTIONS: number = 10_000;

  @IsNumberBetween(20, 60_000)
  MAX_EVENT_LOOP_DELAY: number = 1000;

  @IsNumberBetween(1, 1_000_000)
  IMPORT_MAX_SIZE: number = 1024;

  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code of ISO 4217, such as EUR' })
  IMPORT_CURRENCY: string = 'EUR';

  @IsOptional()
  @IsNumberBetween(1, 65_535)
  METRICS_PORT?: number;

  @IsOptional()
  @IsThat(isAtLeast32Bytes, 'must be 32 bytes or more; make one with: openssl rand -base64 32')
  METRICS_TOKEN?: string;

  @IsSwitch()
  SWAGGER_UI: boolean = true;

  /** True behind a certificate: our own, or one of a proxy that we trust. */
  get servesHttps(): boolean {
    return this.TLS_CERT_FILE !== undefined || this.isProduction;
  }

  get isProduction(): boolean {
    return this.NODE_ENV === 'production';
  }
}
