import { randomUUID } from 'node:crypto';
import type { Answer, Client } from '../support/client.js';
import { fromNewAddress } from '../support/client-address.js';
import { runCommand } from '../support/command.js';
import { DpopKey } from '../support/dpop-key.js';
import { mailsArrive, writtenTo } from '../support/mailbox.js';
import { PrivateRedis } from '../support/private-redis.js';
import { AppProcess, PASSWORD, killProcesses, login, register } from '../support/process.js';
import { basic, credentialsIn, sendForm } from '../support/service.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';
import { totp } from '../support/totp.js';

const LIMIT = 60;
const ATTEMPTS = 5;
const EMAIL = 'ada@example.com';

// What the test asks itself, and what keys live by.
const ABOUT_REDIS = new Set(['config', 'info', 'pexpire']);

describe('with limits in Redis, a request asks it once', () => {
  let database: TestDatabase;
  let redis: PrivateRedis;
  let one: Client;
  let other: Client;
  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), PrivateRedis.start()]);
    const environment = {
      ...database.environment,
      REDIS_URL: redis.url,
      // An hour, so that no window ends within a test.
      THROTTLE_LIMIT: `${LIMIT}/1h`,
      THROTTLE_AUTH_LIMIT: `${LIMIT / 2}/1h`,
      THROTTLE_ACCOUNT_LIMIT: `${ATTEMPTS}/1h`,
      THROTTLE_DEVICE_LIMIT: `${ATTEMPTS * 2}/1h`,
      TRUSTED_PROXIES: '127.0.0.1',
    };
    const processes = [new AppProcess(environment), new AppProcess(environment)] as const;
    [one, other] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await registerAndWait(EMAIL);
  });
  afterAll(async () => {
    await killProcesses();
    await redis.kill();
    await database.drop();
  });

  /** Makes an account, and waits for the mail about it, which is counted once the answer is there. */
  async function registerAndWait(email: string): Promise<Answer> {
    const answer = await register(one, email);
    await mailsArrive(database, email);
    return answer;
  }
  /** A token that the process `one` has not seen. */
  const newToken = async (email = EMAIL): Promise<string> => (await login(other, email)).body.accessToken;

  /** Commands that Redis got from the processes meanwhile, and how many counters were raised. */
  async function commandsDuring(work: () => Promise<Answer>): Promise<[number, Record<string, number>]> {
    await redis.ask((client) => client.config('RESETSTAT'));
    const { status } = await work();
    const statistics = await redis.ask((client) => client.info('commandstats'));
    const calls: Record<string, number> = {};
    for (const [, command = '', count] of statistics.matchAll(/cmdstat_(\w+)[\w|]*:calls=(\d+)/g)) {
      if (!ABOUT_REDIS.has(command)) {
        const name = command === 'eval' ? 'evalsha' : command; // which a process sends the first time
        calls[name] = (calls[name] ?? 0) + Number(count);
      }
    }
    return [status, calls];
  }

  const me = (token: string, headers: Record<string, string> = fromNewAddress()): Promise<Answer> =>
    one.get('/v1/users/me', { token, headers });
  const asService = (authorization: string): Promise<Answer> =>
    sendForm(one, '/v1/oauth/introspect', { token: 'none' }, { ...fromNewAddress(), authorization });
  const signIn = (password: string, code?: string): Promise<Answer> =>
    one.post('/v1/auth/login', { email: EMAIL, password, code }, { headers: fromNewAddress() });

  it.each<[string, number, number, () => Promise<() => Promise<Answer>>]>([
    ['of a guest', 200, 1, async () => () => one.get('/v1/products', { headers: fromNewAddress() })],
    ['for an unknown path', 404, 1, async () => () => one.get('/v1/nothing', { headers: fromNewAddress() })],
    [
      'with a token that is known',
      200,
      2,
      async () => {
        const token = await newToken();
        await me(token);
        return () => me(token);
      },
    ],
    [
      'with a token that is new to the process',
      200,
      2,
      async () => {
        const token = await newToken();
        return () => me(token);
      },
    ],
    ['with a forged token', 401, 1, async () => () => me('a.b.c')],
    [
      'with a token that has been taken back',
      401,
      1,
      async () => {
        const token = await newToken();
        await me(token);
        await one.post('/v1/auth/logout', undefined, { token });
        return () => me(token);
      },
    ],
    [
      'with a token that is bound to a key',
      200,
      2,
      async () => {
        const key = await DpopKey.make();
        const { body } = await key.send(other, 'POST', '/v1/auth/login', {
          body: { email: EMAIL, password: PASSWORD },
        });
        return () =>
          key.send(one, 'GET', '/v1/users/me', { token: body.accessToken, headers: fromNewAddress() });
      },
    ],
    ['to sign in with the wrong password', 401, 3, async () => () => signIn('wrong wrong wrong')],
    [
      'to change a password without knowing it',
      401,
      3,
      async () => {
        const token = await newToken();
        const body = { currentPassword: 'wrong wrong wrong', newPassword: 'another horse battery' };
        return () => one.post('/v1/auth/password/change', body, { token, headers: fromNewAddress() });
      },
    ],
    [
      'to delete an account without knowing its password',
      401,
      4,
      async () => {
        const token = await newToken();
        const body = { currentPassword: 'wrong wrong wrong' };
        return () => one.delete('/v1/users/me', { token, body, headers: fromNewAddress() });
      },
    ],
    [
      'to change the address',
      202,
      4,
      async () => {
        const token = await newToken();
        const body = { newEmail: `${randomUUID()}@example.com` };
        return () => one.post('/v1/auth/email/change', body, { token, headers: fromNewAddress() });
      },
    ],
    [
      'to prove a password again, wrongly',
      401,
      3,
      async () => {
        const token = await newToken();
        return () =>
          one.post('/v1/auth/reauthenticate', { password: 'wrong' }, { token, headers: fromNewAddress() });
      },
    ],
    [
      'to refresh',
      200,
      1,
      async () => {
        const { refreshToken } = (await login(other, EMAIL)).body;
        return () => one.post('/v1/auth/refresh', { refreshToken }, { headers: fromNewAddress() });
      },
    ],
    [
      'of a service',
      200,
      1,
      async () => {
        const { output } = await runCommand('clients', database.environment, {
          words: ['create', '--name', 'x'],
        });
        const { id, secret } = credentialsIn(output);
        return () => asService(basic(id, secret));
      },
    ],
    ['of who claims to be a service', 401, 1, async () => () => asService(basic(randomUUID(), 'guess'))],
  ])('%s (%i, counting %i)', async (_kind, expected, counted, prepare) => {
    const work = await prepare();

    const [status, commands] = await commandsDuring(work);

    expect(status).toBe(expected);
    expect(commands).toEqual({ evalsha: 1, mget: 1, incr: counted });
  });

  it('to sign in, and tells it without waiting that the failures are forgotten', async () => {
    const [status, commands] = await commandsDuring(() => signIn(PASSWORD));

    expect(status).toBe(200);
    expect(commands).toEqual({ evalsha: 1, mget: 1, incr: 3, del: 1 });
  });

  it.each<[string, number, (email: string) => Promise<() => Promise<Answer>>]>([
    ['to register', 201, async (email) => () => register(one, email)],
    [
      'to be sent a mail',
      202,
      async (email) => {
        await registerAndWait(email);
        return () => one.post('/v1/auth/password/forgot', { email }, { headers: fromNewAddress() });
      },
    ],
  ])('%s, and once more when the answer is there, for the mail', async (_kind, expected, prepare) => {
    const email = `${randomUUID()}@example.com`;
    const work = await prepare(email);
    const before = writtenTo(database, email).length;

    const [status, commands] = await commandsDuring(async () => {
      const answer = await work();
      await mailsArrive(database, email, before + 1);
      return answer;
    });

    expect(status).toBe(expected);
    expect(commands).toEqual({ evalsha: 2, mget: 2, incr: 3 });
  });

  describe('of who has a second factor', () => {
    const email = 'grace@example.com';
    let secret: string;
    let token: string;
    beforeAll(async () => {
      await registerAndWait(email);
      const verify = `UPDATE users SET email_verified = true WHERE email = '${email}'`;
      await runSql(database.environment.DATABASE_URL ?? '', verify);
      token = (await login(one, email)).body.accessToken;
      secret = (await one.post('/v1/auth/mfa/totp', undefined, { token })).body.secret;
      await one.post('/v1/auth/mfa/totp/confirm', { code: totp(secret, Date.now() / 1000 - 30) }, { token });
      await mailsArrive(database, email, 2);
    });

    const withCode = (password: string, code: string): Promise<Answer> =>
      one.post('/v1/auth/login', { email, password, code }, { headers: fromNewAddress() });
    const proveWithCode = (password: string, code: string): Promise<Answer> =>
      one.post('/v1/auth/reauthenticate', { password, code }, { token, headers: fromNewAddress() });

    const nothing = async (): Promise<void> => {};

    it.each<[string, number, object, () => Promise<Answer>, () => Promise<unknown>]>([
      [
        'to sign in with a code',
        200,
        { evalsha: 1, mget: 1, incr: 4, del: 2 },
        () => withCode(PASSWORD, totp(secret, Date.now() / 1000)),
        nothing,
      ],
      [
        'to sign in with a wrong code',
        401,
        { evalsha: 1, mget: 1, incr: 4 },
        () => withCode(PASSWORD, '000000'),
        nothing,
      ],
      [
        'to prove the password again with a wrong code',
        401,
        { evalsha: 1, mget: 1, incr: 4, del: 1 },
        () => proveWithCode(PASSWORD, '000000'),
        nothing,
      ],
      [
        'to sign in with a code and the wrong password, and gives the code back',
        401,
        { evalsha: 2, mget: 1, incr: 4, get: 1, decr: 1 },
        () => withCode('wrong wrong wrong', '000000'),
        () => withCode(PASSWORD, '000000'), // which stays counted
      ],
      [
        'to sign in with a code where there is no second factor, and gives the code back',
        200,
        { evalsha: 2, mget: 1, incr: 4, get: 1, del: 2 },
        () => signIn(PASSWORD, '000000'),
        nothing,
      ],
      [
        'to prove the wrong password with a code, and gives the code back',
        401,
        { evalsha: 2, mget: 1, incr: 4, get: 1, decr: 1 },
        () => proveWithCode('wrong wrong wrong', '000000'),
        () => proveWithCode(PASSWORD, '000000'),
      ],
    ])('%s', async (_kind, expected, wanted, ask, prepare) => {
      await prepare();

      const [status, commands] = await commandsDuring(ask);

      expect(status).toBe(expected);
      expect(commands).toEqual(wanted);
    });
  });

  it('and as many as are allowed are let in, of those that were not known before', async () => {
    const email = 'roaming@example.com';
    await registerAndWait(email);
    const [forging, newcomer] = [fromNewAddress(), await newToken(email)];

    const forged = await Promise.all(
      Array.from({ length: 200 }, (_, at) =>
        (at % 2 ? one : other).get('/v1/users/me', { token: `a.b.${at}`, headers: forging }),
      ),
    );
    const roaming = await Promise.all(Array.from({ length: 200 }, () => me(newcomer)));

    const times = (answers: Answer[], wanted: number) =>
      answers.filter(({ status }) => status === wanted).length;
    expect([times(forged, 401), times(forged, 429)]).toEqual([LIMIT, 200 - LIMIT]);
    expect([times(roaming, 200), times(roaming, 429)]).toEqual([LIMIT, 200 - LIMIT]);
    // A refusal says nothing about the token.
    const challenges = forged.map(({ status, headers }) => `${status} ${headers.has('www-authenticate')}`);
    expect(new Set(challenges)).toEqual(new Set(['401 true', '429 false']));
  });

  it('and says of a request with a token what is left to its user', async () => {
    const email = 'counted@example.com';
    await registerAndWait(email);
    const token = await newToken(email);

    const [first, second] = [await me(token), await me(token)];

    expect(first.headers.get('ratelimit')).toMatch(/^"principal";r=59;/);
    expect(second.headers.get('ratelimit')).toMatch(/^"principal";r=58;/);
  });

  it('and says of a sign-in what is left to the address, not to the account', async () => {
    const { headers } = await signIn('wrong wrong wrong');

    expect(headers.get('ratelimit')).toMatch(/^"auth";r=29;/);
  });

  it('and an account that is refused costs the address nevertheless', async () => {
    const headers = fromNewAddress();
    const email = `${randomUUID()}@example.com`;
    const details: string[] = [];
    for (let times = 0; times <= LIMIT / 2; times++) {
      const { body } = await one.post('/v1/auth/login', { email, password: 'wrong wrong' }, { headers });
      details.push(/“(\w+)”/.exec(body.detail)?.[1] ?? body.code);
    }

    expect(details).toEqual([
      ...Array<string>(ATTEMPTS).fill('invalid-credentials'),
      ...Array<string>(LIMIT / 2 - ATTEMPTS).fill('account'),
      'auth',
    ]);
  });
});
