import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hash } from '@node-rs/argon2';
import { PasswordsService } from '../../src/auth/passwords/passwords.service.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { fromNewAddress, newAddress } from '../support/client-address.js';
import { askForToken } from '../support/mailbox.js';
import { totp } from '../support/totp.js';

describe('guessing passwords', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      TRUSTED_PROXIES: '127.0.0.1',
      THROTTLE_AUTH_LIMIT: '30',
      THROTTLE_ACCOUNT_LIMIT: '10',
      THROTTLE_DEVICE_LIMIT: '10',
    });
  });
  afterAll(() => app.close());

  const newEmail = (): string => `${randomBytes(8).toString('hex')}@example.com`;

  function signIn(email: string, password: string, address = newAddress()): Promise<Answer> {
    return app.post(
      '/v1/auth/login',
      { email, password, delivery: 'body' },
      { headers: { 'x-forwarded-for': address } },
    );
  }

  /** Tries wrong passwords one after the other, each from another address. */
  async function guess(email: string, times: number): Promise<number[]> {
    const statuses: number[] = [];
    for (let tries = 0; tries < times; tries++) {
      statuses.push((await signIn(email, `wrong ${tries}`)).status);
    }
    return statuses;
  }

  async function newAccount(): Promise<string> {
    const email = newEmail();
    await app.register(email);
    return email;
  }

  it('ASVS 6.3.1: stops guesses at one account after 10, though each comes from another address', async () => {
    const email = await newAccount();

    const statuses = await guess(email, 12);

    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 429, 429]);
  });

  it('ASVS 6.3.8: stops guesses at an address without an account in the same way', async () => {
    const [known, unknown] = [await newAccount(), newEmail()];

    const statuses = [await guess(known, 11), await guess(unknown, 11)];
    const refusals = [await signIn(known, PASSWORD), await signIn(unknown, PASSWORD)];

    expect(statuses[1]).toEqual(statuses[0]);
    expect(refusals.map(({ body }) => ({ ...body, instance: '' }))).toEqual([
      expect.objectContaining({ code: 'too-many-requests' }),
      expect.objectContaining({ code: 'too-many-requests' }),
    ]);
  });

  it('ASVS 6.3.1: counts one account together, however its address is written', async () => {
    const email = await newAccount();
    await guess(email, 5);

    const statuses = await guess(email.toUpperCase(), 6);

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('ASVS 6.3.1: lets none of 40 guesses at once slip past the count', async () => {
    const email = await newAccount();

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, tries) => signIn(email, `wrong ${tries}`)),
    );

    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(10);
  });

  it('ASVS 6.1.1: lets the owner in again after the wait that the answer names, at most 16.5 minutes', async () => {
    const email = await newAccount();
    await guess(email, 10);
    const refused = await signIn(email, PASSWORD);
    const wait = Number(refused.headers.get('retry-after'));

    app.clock.advance({ seconds: wait });
    const admitted = await signIn(email, PASSWORD);

    expect(refused.status).toBe(429);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(990);
    expect(admitted.status).toBe(200);
  });

  it('ASVS 6.1.1: never disturbs an owner who is signed in already', async () => {
    const email = await newAccount();
    const { accessToken: token, refreshToken } = (await signIn(email, PASSWORD)).body;
    await guess(email, 11);

    const headers = fromNewAddress();
    const read = await app.get('/v1/users/me', { token, headers });
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken }, { headers });

    expect([read.status, refreshed.status]).toEqual([200, 200]);
  });

  it('ASVS 6.3.1: counts failures only', async () => {
    const email = await newAccount();

    const statuses = [
      ...(await guess(email, 9)),
      (await signIn(email, PASSWORD)).status,
      ...(await guess(email, 10)),
    ];

    expect(statuses).not.toContain(429);
  });

  it('ASVS 6.3.1: stops one address after 30 tries a minute, at whatever accounts', async () => {
    const address = newAddress();
    const tries = Array.from({ length: 31 }, () => newEmail());

    const statuses: number[] = [];
    for (const email of tries) {
      statuses.push((await signIn(email, 'wrong', address)).status);
    }
    const elsewhere = await signIn(newEmail(), 'wrong');
    app.clock.advance({ minutes: 2 });
    const later = await signIn(newEmail(), 'wrong', address);

    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect(statuses.at(-1)).toBe(429);
    expect([elsewhere.status, later.status]).toEqual([401, 401]);
  });

  it('ASVS 6.3.1: counts all addresses of one IPv6 network together', async () => {
    const prefix = newAddress().replace('::1', '');

    const answers = await Promise.all(
      Array.from({ length: 31 }, (_, host) => signIn(newEmail(), 'wrong', `${prefix}:${host + 1}:2:3:4`)),
    );

    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('ASVS 6.3.1: counts guesses at the current password by whoever holds an access token', async () => {
    const email = await newAccount();
    const { accessToken: token } = (await signIn(email, PASSWORD)).body;
    const guessCurrent = async (currentPassword: string): Promise<number> => {
      const headers = fromNewAddress();
      const body = { currentPassword, newPassword: 'a tall ship and a star' };
      return (await app.post('/v1/auth/password/change', body, { token, headers })).status;
    };

    const statuses: number[] = [];
    for (let tries = 0; tries < 11; tries++) {
      statuses.push(await guessCurrent(`wrong ${tries}`));
    }

    expect(statuses.slice(0, 10)).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 401, 401]);
    expect(statuses[10]).toBe(429);
  });

  describe('a browser that has signed in before', () => {
    const signInFrom = (email: string, cookie: string, password = PASSWORD): Promise<Answer> =>
      app.post(
        '/v1/auth/login',
        { email, password },
        { headers: { 'x-forwarded-for': newAddress(), cookie } },
      );

    /** The cookie by which a browser is known that got this answer; `''` where it got none. */
    const deviceIn = ({ headers }: Answer): string =>
      headers
        .getSetCookie()
        .find((cookie) => cookie.startsWith('latchkey-device='))
        ?.split(';')[0] ?? '';

    /** The cookie by which the browser of a new sign-in is known. */
    const deviceOf = async (email: string): Promise<string> => deviceIn(await signInFrom(email, ''));

    it('ASVS 6.1.1: signs in while others have used up the guesses at its account', async () => {
      const email = await newAccount();
      const device = await deviceOf(email);
      await guess(email, 11);

      const unknown = await signIn(email, PASSWORD);
      const known = await signInFrom(email, device);
      const stillUnknown = await signIn(email, PASSWORD);

      expect([unknown.status, known.status, stillUnknown.status]).toEqual([429, 200, 429]);
    });

    it('ASVS 6.3.1: has ten guesses of its own, and no more', async () => {
      const email = await newAccount();
      const device = await deviceOf(email);

      const statuses: number[] = [];
      for (let tries = 0; tries < 12; tries++) {
        statuses.push((await signInFrom(email, device, `wrong ${tries}`)).status);
      }
      const elsewhere = await signIn(email, PASSWORD);

      expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 429, 429]);
      expect(elsewhere.status).toBe(200);
    });

    it('ASVS 6.3.1: is known to the account that it has signed in to, and to no other', async () => {
      const [own, victim] = [await newAccount(), await newAccount()];
      const device = await deviceOf(own);
      await guess(victim, 11);

      const answer = await signInFrom(victim, device);

      expect(answer.status).toBe(429);
    });

    it('ASVS 6.3.1: is not known by a cookie that was made up, changed or is over a year old', async () => {
      const email = await newAccount();
      const device = await deviceOf(email);
      const [id, givenAt, passwordMac, mac] = device.slice('latchkey-device='.length).split('.');
      const forged = [
        'latchkey-device=',
        `latchkey-device=${id}.${givenAt}.${passwordMac}.${'A'.repeat(43)}`,
        `latchkey-device=${'A'.repeat(22)}.${givenAt}.${passwordMac}.${mac}`,
        `latchkey-device=${id}.${Number(givenAt) + 1}.${passwordMac}.${mac}`,
        `latchkey-device=${id}.${givenAt}.${'A'.repeat(43)}.${mac}`,
        `latchkey-device=${'A'.repeat(5000)}`,
      ];
      await guess(email, 11);

      const answers = [];
      for (const cookie of forged) {
        answers.push(await signInFrom(email, cookie));
      }
      const inTime = await signInFrom(email, device);
      app.clock.advance({ minutes: 366 * 24 * 60 });
      await guess(email, 11);
      const tooOld = await signInFrom(email, device);

      expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429, 429, 429]);
      expect([inTime.status, tooOld.status]).toEqual([200, 429]);
    });

    it('ASVS 6.3.1: is looked up only where its cookie is one of ours for that address', async () => {
      const [email, other] = [await newAccount(), await newAccount()];
      const device = await deviceOf(email);
      const lookUp = jest.spyOn(app.nest.get(PasswordsService), 'currentFor');

      await signIn(email, PASSWORD);
      await signInFrom(email, `${device.slice(0, -10)}AAAAAAAAAA`);
      await signInFrom(other, device);
      const calls = lookUp.mock.calls.length;
      await signInFrom(email, device);

      expect([calls, lookUp.mock.calls]).toEqual([0, [[email]]]);
    });

    describe('whose account or password is another by now', () => {
      const NEW_PASSWORD = 'a tall ship and a star';

      /** How ten guesses are answered from each of these browsers, after strangers have used up those at the account. */
      async function guessFrom(email: string, devices: readonly string[]): Promise<Set<number>> {
        await guess(email, 11);
        const statuses = new Set<number>();
        for (const device of devices) {
          statuses.add((await signInFrom(email, device, 'wrong')).status);
        }
        return statuses;
      }

      const devicesOf = (email: string): Promise<string[]> =>
        Promise.all(Array.from({ length: 5 }, () => deviceOf(email)));

      /** Signs in in a browser, and calls a route there with the access token. */
      async function signedIn(email: string, delivery = 'cookie') {
        const body = { email, password: PASSWORD, delivery };
        const { accessToken: token } = (await app.post('/v1/auth/login', body, { headers: fromNewAddress() }))
          .body;
        return (method: string, path: string, sent?: object): Promise<Answer> =>
          app.send(method, path, { body: sent, token, headers: fromNewAddress() });
      }

      const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

      it('ASVS 6.3.1: has no guesses of its own at an account that was deleted and made again', async () => {
        const email = await newAccount();
        const devices = await devicesOf(email);
        const squatter = await signedIn(email);
        await squatter('DELETE', '/v1/users/me', { currentPassword: PASSWORD });
        await app.register(email);

        const statuses = await guessFrom(email, devices);

        expect(statuses).toEqual(new Set([429]));
      });

      it('ASVS 6.3.1: has no guesses of its own once the password was changed elsewhere', async () => {
        const email = await newAccount();
        const devices = await devicesOf(email);
        const owner = await signedIn(email);
        const { status } = await owner('POST', '/v1/auth/password/change', change);

        const statuses = await guessFrom(email, devices);

        expect([status, statuses]).toEqual([204, new Set([429])]);
      });

      it('ASVS 6.3.1: has no guesses of its own once the password was reset', async () => {
        const email = await newAccount();
        const devices = await devicesOf(email);
        const token = await askForToken(app, email);
        const { status } = await app.post(
          '/v1/auth/password/reset',
          { token, newPassword: NEW_PASSWORD },
          { headers: { ...fromNewAddress(), cookie: devices[0] ?? '' } },
        );

        const statuses = await guessFrom(email, devices);

        expect([status, statuses]).toEqual([204, new Set([429])]);
      });

      it('ASVS 6.1.1: is known again where the password was reset', async () => {
        const email = await newAccount();
        const token = await askForToken(app, email);
        const reset = await app.post(
          '/v1/auth/password/reset',
          { token, newPassword: NEW_PASSWORD },
          { headers: fromNewAddress() },
        );
        await guess(email, 11);

        const known = await signInFrom(email, deviceIn(reset), NEW_PASSWORD);
        const unknown = await signInFrom(email, '', NEW_PASSWORD);

        expect([reset.status, known.status, unknown.status]).toEqual([204, 200, 429]);
      });

      it('ASVS 6.1.1: is known again where the password was changed', async () => {
        const email = await newAccount();
        const owner = await signedIn(email);
        const changed = await owner('POST', '/v1/auth/password/change', change);
        await guess(email, 11);

        const known = await signInFrom(email, deviceIn(changed), NEW_PASSWORD);
        const unknown = await signInFrom(email, '', NEW_PASSWORD);

        expect([changed.status, known.status, unknown.status]).toEqual([204, 200, 429]);
      });

      it('ASVS 6.1.1: is known again where a second factor was set up', async () => {
        const email = await newAccount();
        const [before, owner] = [await deviceOf(email), await signedIn(email)];
        const { secret } = (await owner('POST', '/v1/auth/mfa/totp')).body;
        const code = totp(secret, app.clock.seconds());
        const confirmed = await owner('POST', '/v1/auth/mfa/totp/confirm', { code });
        await guess(email, 11);

        const answers = [await signInFrom(email, deviceIn(confirmed)), await signInFrom(email, before)];

        expect(answers.map(({ body }) => body.code)).toEqual(['mfa-required', 'too-many-requests']);
      });

      it('gets no cookie for a change in a session with the tokens in the body', async () => {
        const email = await newAccount();
        const native = await signedIn(email, 'body');

        const changed = await native('POST', '/v1/auth/password/change', change);

        expect([changed.status, changed.headers.getSetCookie()]).toEqual([204, []]);
      });

      it('is known on, though the hash of its password is made anew', async () => {
        const email = await newAccount();
        const device = await deviceOf(email);
        const weaker = await hash(PASSWORD, { memoryCost: 8192, timeCost: 2, parallelism: 1 });
        await app.database.query(
          `UPDATE password_credentials SET hash = $2 FROM users WHERE user_id = id AND email = $1`,
          [email, weaker],
        );
        const rehashed = await signIn(email, PASSWORD);
        await guess(email, 11);

        const known = await signInFrom(email, device);

        expect([rehashed.status, known.status]).toEqual([200, 200]);
      });
    });

    it('keeps its id when it signs in again, and gets none with the tokens in the body', async () => {
      const email = await newAccount();
      const device = await deviceOf(email);

      const again = await signInFrom(email, device);
      const native = await signIn(email, PASSWORD);

      expect(again.headers.getSetCookie()[1]?.split('.')[0]).toBe(device.split('.')[0]);
      expect(native.headers.getSetCookie()).toEqual([]);
    });

    it('ASVS 6.1.1: may change its password while others guess at it', async () => {
      const email = await newAccount();
      const { accessToken: token } = (await signIn(email, PASSWORD)).body;
      await guess(email, 11);

      const answer = await app.post(
        '/v1/auth/password/change',
        { currentPassword: PASSWORD, newPassword: 'a tall ship and a star' },
        { token, headers: fromNewAddress() },
      );

      expect(answer.status).toBe(204);
    });
  });

  describe('by the ten thousand', () => {
    // The embedded database shares its process with the server: there a tenth has to do.
    const GUESSES = process.env['DATABASE_URL'] ? 10_000 : 1000;
    const CALLERS = 50;

    /** Sends so many guesses from so many callers at once, and counts the answers by their status. */
    async function statusesOf(send: (index: number) => Promise<Answer>): Promise<Record<number, number>> {
      const counts: Record<number, number> = {};
      let next = 0;
      await Promise.all(
        Array.from({ length: CALLERS }, async () => {
          while (next < GUESSES) {
            const { status } = await send(next++);
            counts[status] = (counts[status] ?? 0) + 1;
          }
        }),
      );
      return counts;
    }

    it('ASVS 6.3.1: checks 10 of 10,000 guesses at one account from 1,000 addresses; its owner signs in', async () => {
      const email = await newAccount();
      const { headers } = await app.post('/v1/auth/login', { email, password: PASSWORD });
      const cookie = headers.getSetCookie()[1]?.split(';')[0] ?? '';
      const sources = Array.from({ length: GUESSES / 10 }, newAddress);

      const counts = await statusesOf((index) =>
        signIn(email, `guess ${index}`, sources[index % sources.length]),
      );
      const owner = await app.post(
        '/v1/auth/login',
        { email, password: PASSWORD },
        { headers: { cookie, 'x-forwarded-for': newAddress() } },
      );

      expect(counts).toEqual({ 401: 10, 429: GUESSES - 10 });
      expect(owner.status).toBe(200);
    });

    it('ASVS 6.3.1: checks 30 of 10,000 guesses at as many accounts from one address', async () => {
      const address = newAddress();
      const begin = app.clock.now();

      const { 401: checked = 0, 429: refused = 0 } = await statusesOf(() =>
        signIn(newEmail(), 'password1', address),
      );
      const minutes = (app.clock.now() - begin) / 60_000;

      expect(checked).toBeGreaterThanOrEqual(30);
      // As the window slides on, so many more.
      expect(checked).toBeLessThanOrEqual(30 + Math.ceil(minutes * 30));
      expect(refused).toBe(GUESSES - checked);
    });
  });

  it('ASVS 6.1.1: documents these numbers', () => {
    const text = readFileSync('docs/throttling.md', 'utf8');

    expect(text).toMatch(/`auth`.*30 a minute/);
    expect(text).toMatch(/`account`.*10 in 15 minutes/);
    expect(text).toMatch(/`device`.*10 in 15 minutes/);
    expect(text).toMatch(/keeps its owner from signing in for up to 15 minutes/);
    expect(text).toMatch(/10 of 10,000/);
    expect(text).toMatch(/30 of 10,000/);
  });
});
