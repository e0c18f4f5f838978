import { randomUUID } from 'node:crypto';
import { resealAll } from '../src/auth/reseal.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { askForToken, mailsTo } from './support/mailbox.js';
import { createTestDatabase } from './support/test-database.js';
import { totp } from './support/totp.js';

const OLD_SECRET = 'Q4kQJ3bX0m7nYVtqk2wZc8uHs5rLd9aEoPf';
const NEW_SECRET = 'Zr81mFqk2wZc8uHs5rLd9aEoPfGi1jTx6vM';

interface Protected {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

describe('a second factor', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  // Redis outlives a run, so each run has accounts of its own.
  async function somebody(): Promise<{ id: string; email: string; token: string; refreshToken: string }> {
    const email = `${randomUUID()}@example.com`;
    const id = await app.register(email);
    const { accessToken: token, refreshToken } = await app.login(email);
    return { id, email, token, refreshToken };
  }

  /** Somebody who has just set one up. */
  async function protectedSomebody(): Promise<Protected> {
    const { id, email, token } = await somebody();
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const confirmed = await confirm(token, codeOf(secret));
    nextCode();
    return { id, email, token, secret, recoveryCodes: confirmed.body.recoveryCodes };
  }

  const codeOf = (secret: string, stepsAway = 0): string =>
    totp(secret, app.clock.seconds() + 30 * stepsAway);
  const nextCode = (): void => app.clock.advance({ seconds: 30 });
  const confirm = (token: string, code: string): Promise<Answer> =>
    app.post('/v1/auth/mfa/totp/confirm', { code }, { token });
  const signIn = (email: string, code?: string, password = PASSWORD): Promise<Answer> =>
    app.post('/v1/auth/login', { email, password, code, delivery: 'body' });
  const state = async (token: string): Promise<unknown> => (await app.get('/v1/auth/mfa', { token })).body;

  it('is set up with a secret and confirmed with a code; from then on a sign-in needs one', async () => {
    const { email, token } = await somebody();

    const begun = await app.post('/v1/auth/mfa/totp', undefined, { token });
    const meanwhile = await signIn(email);
    const confirmed = await confirm(token, codeOf(begun.body.secret));
    nextCode();
    const without = await signIn(email);
    const withCode = await signIn(email, codeOf(begun.body.secret));

    expect(begun.status).toBe(201);
    expect(begun.body).toEqual({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.any(String) });
    expect([meanwhile.status, confirmed.status]).toEqual([200, 200]);
    expect([without.status, without.body.code]).toEqual([401, 'mfa-required']);
    expect(withCode.status).toBe(200);
    expect((await app.get('/v1/users/me', { token: withCode.body.accessToken })).status).toBe(200);
  });

  it('has an address that authenticator apps read', async () => {
    const { email, token } = await somebody();

    const { secret, uri } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const { protocol, host, pathname, searchParams } = new URL(uri);

    expect([protocol, host, decodeURIComponent(pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/localhost:3000:${email}`,
    ]);
    expect(Object.fromEntries(searchParams)).toEqual({
      issuer: 'localhost:3000',
      secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });

  it('tells what there is of it', async () => {
    const { token } = await somebody();
    const before = await state(token);
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const begun = await state(token);
    await confirm(token, codeOf(secret));

    expect(before).toEqual({ enabled: false, recoveryCodesLeft: 0 });
    expect(begun).toEqual({ enabled: false, recoveryCodesLeft: 0 });
    expect(await state(token)).toEqual({ enabled: true, recoveryCodesLeft: 10 });
  });

  it('ends the other sessions, which one factor had opened', async () => {
    const { email, token, refreshToken } = await somebody();
    const other = await app.login(email);
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;

    await confirm(token, codeOf(secret));
    const answers = [
      await app.get('/v1/users/me', { token: other.accessToken }),
      await app.post('/v1/auth/refresh', { refreshToken: other.refreshToken }),
      await app.get('/v1/users/me', { token }),
      await app.post('/v1/auth/refresh', { refreshToken }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200, 200]);
  });

  it('takes the code before and the one after, for clocks that differ, and none that is older than one used', async () => {
    const { email, secret } = await protectedSomebody();
    nextCode();
    const older = codeOf(secret, -2);
    const before = codeOf(secret, -1);
    const now = codeOf(secret);

    const answers = [await signIn(email, older), await signIn(email, now), await signIn(email, before)];
    const after = [await signIn(email, codeOf(secret, 2)), await signIn(email, codeOf(secret, 1))];

    expect(answers.map(({ status }) => status)).toEqual([401, 200, 401]);
    expect(after.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('takes the code before, where none was used since', async () => {
    const { email, secret } = await protectedSomebody();
    nextCode();

    expect((await signIn(email, codeOf(secret, -1))).status).toBe(200);
  });

  it('takes each recovery code once, however it is typed', async () => {
    const { email, recoveryCodes } = await protectedSomebody();
    const [first = '', second = ''] = recoveryCodes;

    const answers = [
      await signIn(email, first),
      await signIn(email, first),
      await signIn(email, second.toLowerCase().replaceAll('-', ' ')),
    ];
    const left = (await app.get('/v1/auth/mfa', { token: answers[0]?.body.accessToken })).body;

    expect(recoveryCodes).toHaveLength(10);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200]);
    expect(left).toEqual({ enabled: true, recoveryCodesLeft: 8 });
  });

  it('gives new recovery codes in place of the old ones', async () => {
    const { email, token, recoveryCodes } = await protectedSomebody();

    const { status, body } = await app.post('/v1/auth/mfa/recovery-codes', undefined, { token });
    const answers = [await signIn(email, recoveryCodes[0]), await signIn(email, body.recoveryCodes[0])];

    expect(status).toBe(200);
    expect(body.recoveryCodes).toHaveLength(10);
    expect(answers.map(({ status: of }) => of)).toEqual([401, 200]);
  });

  it('is taken away by its owner, and by an administrator for who has lost it', async () => {
    const [owner, loser] = [await protectedSomebody(), await protectedSomebody()];
    const admin = await freshAdmin();

    const answers = [
      await app.delete('/v1/auth/mfa', { token: owner.token }),
      await app.delete(`/v1/users/${loser.id}/mfa`, { token: admin }),
    ];
    const signIns = [await signIn(owner.email), await signIn(loser.email)];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(signIns.map(({ status }) => status)).toEqual([200, 200]);
    expect(await state(owner.token)).toEqual({ enabled: false, recoveryCodesLeft: 0 });
  });

  it('is not asked for where there is none, and a code that is sent then does no harm', async () => {
    const { email } = await somebody();

    expect((await signIn(email, '123456')).status).toBe(200);
  });

  it('says nothing of itself where the password is wrong', async () => {
    const { email, secret } = await protectedSomebody();

    const answers = [
      await signIn(email, undefined, 'wrong'),
      await signIn(email, codeOf(secret), 'wrong'),
      await signIn(email, codeOf(secret)),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 'invalid-credentials'],
      [401, 'invalid-credentials'],
      [200, undefined],
    ]);
  });

  it('is asked for again where the password is to be proved again', async () => {
    const { token, secret } = await protectedSomebody();
    const again = (code?: string): Promise<Answer> =>
      app.post('/v1/auth/reauthenticate', { password: PASSWORD, code }, { token });

    const answers = [await again(), await again('000000'), await again(codeOf(secret))];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 'mfa-required'],
      [401, 'mfa-required'],
      [200, undefined],
    ]);
  });

  it('outlives a password that was forgotten', async () => {
    const { email, secret } = await protectedSomebody();
    const token = await askForToken(app, email);
    const newPassword = 'a tall ship and a star';
    await app.post('/v1/auth/password/reset', { token, newPassword });

    const answers = [
      await signIn(email, undefined, newPassword),
      await signIn(email, codeOf(secret), newPassword),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('is not begun anew while there is one, and not confirmed without having begun', async () => {
    const [{ token }, { token: fresh }] = [await protectedSomebody(), await somebody()];

    const begun = await app.post('/v1/auth/mfa/totp', undefined, { token });
    const again = await confirm(token, '000000');
    const confirmed = await confirm(fresh, '000000');
    const codes = await app.post('/v1/auth/mfa/recovery-codes', undefined, { token: fresh });

    expect([begun, again, confirmed, codes].map(({ status }) => status)).toEqual([409, 409, 409, 409]);
  });

  it('begins anew with another secret until it is confirmed; a wrong code confirms nothing', async () => {
    const { email, token } = await somebody();
    const first = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body.secret;
    const second = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body.secret;

    const wrong = await confirm(token, codeOf(first));
    const unprotected = await signIn(email);
    const right = await confirm(token, codeOf(second));

    expect(wrong.status).toBe(422);
    expect(wrong.body.errors).toEqual([{ pointer: '/code', detail: expect.any(String) }]);
    expect([unprotected.status, right.status]).toEqual([200, 200]);
  });

  it.each([
    ['set one up', (token: string) => app.post('/v1/auth/mfa/totp', undefined, { token })],
    ['confirm one', (token: string) => confirm(token, '123456')],
    ['take one away', (token: string) => app.delete('/v1/auth/mfa', { token })],
    ['make recovery codes', (token: string) => app.post('/v1/auth/mfa/recovery-codes', undefined, { token })],
  ])('needs a sign-in of the last 5 minutes to %s', async (_, act) => {
    const { token } = await somebody();
    app.clock.advance({ minutes: 5, seconds: 2 });

    const answer = await act(token);

    expect([answer.status, answer.body.code]).toEqual([401, 'insufficient-user-authentication']);
  });

  it('is told of by mail when it is set up, used by a recovery code, or taken away', async () => {
    const { email, token, recoveryCodes } = await protectedSomebody();
    const acts = [
      () => signIn(email, recoveryCodes[0]),
      () => app.post('/v1/auth/mfa/recovery-codes', undefined, { token }),
      () => app.delete('/v1/auth/mfa', { token }),
    ];
    await mailsTo(app, email);
    for (const act of acts) {
      await act();
      await mailsTo(app, email); // they are sent in no order
    }

    const mails = await mailsTo(app, email);

    expect(mails.map(({ subject }) => subject)).toEqual([
      'A second factor was set up',
      'A recovery code was used',
      'New recovery codes were made',
      'The second factor was taken away',
    ]);
    expect(mails.map(({ text }) => text).join()).not.toContain(recoveryCodes[0]);
  });

  it.each([
    ['a code that is a number', { code: 123_456 }],
    ['a code that is long', { code: '1'.repeat(65) }],
    ['a code that is a list', { code: ['123456'] }],
  ])('refuses %s', async (_, body) => {
    const { email, token } = await somebody();

    const answers = [
      await app.post('/v1/auth/login', { email, password: PASSWORD, ...body }),
      await app.post('/v1/auth/reauthenticate', { password: PASSWORD, ...body }, { token }),
      await app.post('/v1/auth/mfa/totp/confirm', body, { token }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(answers.map(({ body: problem }) => problem.errors[0].pointer)).toEqual(Array(3).fill('/code'));
  });

  it('goes with the account', async () => {
    const { id, token } = await protectedSomebody();

    await app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } });
    const rows = await app.database.query(
      'SELECT user_id FROM second_factors WHERE user_id = $1 UNION ALL SELECT user_id FROM recovery_codes WHERE user_id = $1',
      [id],
    );

    expect(rows).toEqual([]);
  });

  async function freshAdmin(): Promise<string> {
    const email = `${randomUUID()}@example.com`;
    await app.register(email, ['customer', 'admin']);
    return (await app.login(email)).accessToken;
  }
});

describe('the secret of a second factor', () => {
  it('is good under a new KEY_ENCRYPTION_SECRET, once it is resealed', async () => {
    const database = await createTestDatabase();
    const before = await startTestApp({ KEY_ENCRYPTION_SECRET: OLD_SECRET }, database);
    await before.register('ada@example.com');
    const { accessToken: token } = await before.login('ada@example.com');
    const { secret } = (await before.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const code = totp(secret, before.clock.seconds());
    await before.post('/v1/auth/mfa/totp/confirm', { code }, { token });

    const sealed = await resealAll(before.database, OLD_SECRET, NEW_SECRET);
    await before.register('grace@example.com');
    const { accessToken: other } = await before.login('grace@example.com');
    const begun = await before.post('/v1/auth/mfa/totp', undefined, { token: other });
    await before.close();
    const after = await startTestApp({ KEY_ENCRYPTION_SECRET: NEW_SECRET }, database);
    const answer = await after.post('/v1/auth/login', {
      email: 'ada@example.com',
      password: PASSWORD,
      code: totp(secret, after.clock.seconds() + 30),
    });
    await after.close();
    await database.drop();

    expect([begun.status, begun.body.detail]).toEqual([
      409,
      'KEY_ENCRYPTION_SECRET has been changed: start this process anew with it.',
    ]);
    expect(sealed).toEqual({ keys: expect.any(Number), factors: 1 });
    expect(answer.status).toBe(200);
  });
});
