import { Writable } from 'node:stream';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { AuthService } from '../../src/auth/auth.service.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { assemble } from '../../src/create-app.js';
import { DatabaseClock } from '../../src/database/database-clock.js';
import { createHttpAdapter } from '../../src/http/http-adapter.js';
import { createLogger, NestLogger } from '../../src/operations/logger.js';
import { Clock } from '../../src/time/clock.js';
import type { Role } from '../../src/users/role.js';
import { Client } from './client.js';
import { TestClock } from './test-clock.js';
import { type TestDatabase, createTestDatabase } from './test-database.js';

/** The real app on a real socket with a database of its own. */
export class TestApp extends Client {
  private readonly signedIn = new Map<string, Promise<string>>();

  constructor(
    url: string,
    readonly clock: TestClock,
    readonly nest: NestFastifyApplication,
    /** Everything logged so far, as JSON lines. */
    readonly log: readonly string[],
    readonly close: () => Promise<void>,
  ) {
    super(url);
  }

  get database(): DataSource {
    return this.nest.get(DataSource);
  }

  /** Makes an account. */
  async register(
    email: string,
    roles: Role[] = ['customer'],
    { emailVerified } = { emailVerified: true },
  ): Promise<string> {
    const account = { email, password: PASSWORD, roles, emailVerified };
    const { id } = await this.nest.get(AuthService).register(account);
    return id;
  }

  /** Signs in as somebody with this role; the same session at each call. */
  signIn(role: Role): Promise<string> {
    const known = this.signedIn.get(role);
    if (known) {
      return known;
    }
    const token = this.register(
      `${role}@example.com`,
      role === 'customer' ? ['customer'] : ['customer', role],
    )
      .then(() => this.login(`${role}@example.com`))
      .then(({ accessToken }) => accessToken);
    this.signedIn.set(role, token);
    return token;
  }

  /** Opens a session, with the refresh token in the body. */
  async login(email: string): Promise<{ accessToken: string; refreshToken: string; sessionId: string }> {
    const { status, body } = await this.post('/v1/auth/login', {
      email,
      password: PASSWORD,
      delivery: 'body',
    });
    if (status !== 200) {
      throw new Error(`cannot sign in as ${email}: ${status} ${JSON.stringify(body)}`);
    }
    return body;
  }
}

/** The password of every account that tests make. */
export const PASSWORD = 'correct horse battery';

/**
 * Starts the app; `environment` overrides the test settings, whose limits are out of the way. A database that is given
 * is left as it is when the app closes, so that another app can go on with it. `rooms` are modules of the test's own.
 */
export async function startTestApp(
  environment: Readonly<Record<string, string>> = {},
  given?: TestDatabase,
  rooms: readonly Type[] = [],
): Promise<TestApp> {
  const database = given ?? (await createTestDatabase());
  const settings = loadSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'debug',
    MIGRATE_ON_START: 'false', // the template is migrated
    MAX_EVENT_LOOP_DELAY: '60000',
    THROTTLE_LIMIT: '1000000',
    THROTTLE_AUTH_LIMIT: '1000000',
    THROTTLE_ACCOUNT_LIMIT: '1000',
    THROTTLE_DEVICE_LIMIT: '1000',
    THROTTLE_RESET_LIMIT: '1000000',
    REDIS_URL: process.env['REDIS_URL'],
    ...database.environment,
    ...environment,
  });
  const log: string[] = [];
  const logger = createLogger(
    settings,
    new Writable({ write: (line, _encoding, done) => (log.push(String(line)), done()) }),
  );
  const clock = new TestClock();
  const module = await Test.createTestingModule({ imports: [AppModule.with(settings), ...rooms] })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(DatabaseClock)
    .useValue({ now: async () => clock.rightTime })
    .setLogger(new NestLogger(logger))
    .compile();
  const adapter = createHttpAdapter(settings, logger);
  const nest = module.createNestApplication<NestFastifyApplication>(adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
  });
  assemble(nest, adapter, settings, logger);
  await nest.listen(0, '127.0.0.1');
  const close = async () => {
    await nest.close();
    if (!given) {
      await database.drop();
    }
  };
  return new TestApp(await nest.getUrl(), clock, nest, log, close);
}
