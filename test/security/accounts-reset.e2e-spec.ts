import { randomUUID } from 'node:crypto';
import { MailRoom } from '../../src/mail/mail-room.js';
import { afterNextCheck } from '../support/after-next-check.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { newAddress } from '../support/client-address.js';
import { mailsTo, resetTokenIn } from '../support/mailbox.js';
import { dumpDatabase, secretsFoundIn } from './support/database-dump.js';
import { slowerShare, timesInTurn } from './support/answer-times.js';

const NEW_PASSWORD = 'a tall ship and a star';
const TRIES = 200;

describe('resetting a forgotten password', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ LOG_LEVEL: 'trace', TRUSTED_PROXIES: '127.0.0.1', THROTTLE_AUTH_LIMIT: '30' });
  });
  afterAll(() => app.close());

  // Redis outlives a run, so each run has accounts of its own.
  async function newAccount(): Promise<{ id: string; email: string }> {
    const email = `${randomUUID()}@example.com`;
    return { id: await app.register(email), email };
  }

  const post = (path: string, body: object, address = newAddress()): Promise<Answer> =>
    app.post(`/v1/auth/${path}`, body, { headers: { 'x-forwarded-for': address } });
  const reset = (token: string, newPassword = NEW_PASSWORD): Promise<Answer> =>
    post('password/reset', { token, newPassword });
  const forgot = (email: string): Promise<Answer> => post('password/forgot', { email });
  const signIn = (email: string, password: string): Promise<Answer> =>
    post('login', { email, password, delivery: 'body' });

  async function tokenFor(email: string): Promise<string> {
    await forgot(email);
    return resetTokenIn((await mailsTo(app, email)).at(-1));
  }

  it('ASVS 7.4.3: resetting a password: live tokens are refused at once', async () => {
    const { email } = await newAccount();
    const sessions = [(await signIn(email, PASSWORD)).body, (await signIn(email, PASSWORD)).body];
    const token = await tokenFor(email);
    const readAll = (): Promise<Answer[]> =>
      Promise.all(sessions.map(({ accessToken }) => app.get('/v1/users/me', { token: accessToken })));
    const before = await readAll();

    const done = await reset(token);
    const after = await readAll();
    const refreshed = await Promise.all(
      sessions.map(({ refreshToken }) => post('refresh', { refreshToken })),
    );

    expect(done.status).toBe(204);
    expect(before.map(({ status }) => status)).toEqual([200, 200]);
    expect(after.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 'invalid-token'],
      [401, 'invalid-token'],
    ]);
    expect(refreshed.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('ASVS 7.4.3: no sign-in with the old password outlives the reset, not even one that was under way', async () => {
    const { email } = await newAccount();
    const token = await tokenFor(email);

    const done = afterNextCheck(app, () => reset(token));

    const answer = await signIn(email, PASSWORD);

    expect((await done).status).toBe(204);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid-credentials']);
  });

  it('RFC 8725 3.11: a reset token is never an access token or a refresh token', async () => {
    const { email } = await newAccount();
    const token = await tokenFor(email);

    const answers = [
      await app.get('/v1/users/me', { token }),
      await post('refresh', { refreshToken: token }),
      await app.post('/v1/auth/refresh', undefined, {
        headers: { cookie: `latchkey-refresh=${token}`, 'x-forwarded-for': newAddress() },
      }),
    ];
    const done = await reset(token);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [401, 'invalid-token']),
    );
    expect(done.status).toBe(204);
  });

  it('RFC 8725 3.11: neither an access token nor a refresh token is a reset token', async () => {
    const { email } = await newAccount();
    const { accessToken, refreshToken } = (await signIn(email, PASSWORD)).body;

    const answers = [await reset(accessToken), await reset(refreshToken)];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [401, 'invalid-token']),
    );
  });

  it('ASVS 6.4.1: a reset token works once, for whoever is first of 20', async () => {
    const { email } = await newAccount();
    const token = await tokenFor(email);

    const answers = await Promise.all(Array.from({ length: 20 }, () => reset(token)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(19).fill(401)]);
  });

  it('ASVS 6.4.1: asking anew kills the older token', async () => {
    const { email } = await newAccount();
    const older = await tokenFor(email);
    await tokenFor(email);

    expect((await reset(older)).status).toBe(401);
  });

  it('ASVS 6.4.1, 6.5.5: a reset token is dead after 30 minutes', async () => {
    const { email } = await newAccount();
    const token = await tokenFor(email);

    app.clock.advance({ minutes: 30 });

    expect((await reset(token)).status).toBe(401);
  });

  it('ASVS 6.5.2, 6.5.3: a reset token is 256 random bits, of which the database knows a digest', async () => {
    const [one, other] = [await newAccount(), await newAccount()];
    const tokens = [await tokenFor(one.email), await tokenFor(other.email)];

    const dump = await dumpDatabase(app.database);

    expect(tokens.map((token) => Buffer.from(token, 'base64url').length)).toEqual([32, 32]);
    expect(new Set(tokens).size).toBe(2);
    expect(dump).toContain('password_reset_tokens');
    const bytes = tokens.map((token) => Buffer.from(token, 'base64url'));
    expect([...tokens, ...bytes].filter((secret) => secretsFoundIn(dump, { secret }).length > 0)).toEqual([]);
  });

  it('ASVS 6.4.1: a reset token is for its account only, and only while that is active', async () => {
    const [victim, attacker] = [await newAccount(), await newAccount()];
    await tokenFor(victim.email);
    await reset(await tokenFor(attacker.email), NEW_PASSWORD);

    const disabled = await newAccount();
    const token = await tokenFor(disabled.email);
    const { accessToken: admin } = (await adminSignIn()).body;
    await app.patch(`/v1/users/${disabled.id}`, { status: 'disabled' }, { token: admin });
    const refused = await reset(token);

    expect((await signIn(victim.email, PASSWORD)).status).toBe(200);
    expect(refused.body.code).toBe('invalid-token');
  });

  it.each(['iloveyou', 'short', 'x'.repeat(129), 'my latchkey 2026'])(
    'ASVS 6.2: takes no weak password: %s; the token stays good',
    async (password) => {
      const { email } = await newAccount();
      const token = await tokenFor(email);

      const weak = await reset(token, password);
      const strong = await reset(token);

      expect([weak.status, strong.status]).toEqual([422, 204]);
    },
  );

  it('ASVS 6.3.7: the owner gets a mail when the password was changed, and when it was reset', async () => {
    const { email } = await newAccount();
    const { accessToken: token } = (await signIn(email, PASSWORD)).body;
    await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token },
    );
    const afterChange = await mailsTo(app, email);
    await reset(await tokenFor(email), `${NEW_PASSWORD}!`);
    const afterReset = await mailsTo(app, email);

    expect(afterChange.map(({ subject }) => subject)).toEqual(['Your password was changed']);
    expect(afterReset.map(({ subject }) => subject)).toEqual([
      'Your password was changed',
      'Set a new password',
      'Your password was changed',
    ]);
    expect(afterReset.at(-1)?.text).not.toMatch(/tall ship|token=|correct horse/);
  });

  it('ASVS 16.2.5: neither the token, nor the address, nor a word of the mail is in the log', async () => {
    const { email } = await newAccount();
    const token = await tokenFor(email);
    await reset(token, 'iloveyou');
    await reset(token);
    await reset(token);
    const unknown = `${randomUUID()}@example.com`;
    await forgot(unknown);
    await mailsTo(app, unknown);

    const log = app.log.join('');
    expect(log).toContain('password-reset-requested');
    expect(secretsFoundIn(log, { token, NEW_PASSWORD, email, unknown })).toEqual([]);
    expect(log).not.toMatch(/Somebody, we hope|reset-password#/);
  });

  it.each(['forgot', 'reset'])(
    'ASVS 6.3.1: one address may ask for password/%s 30 times a minute',
    async (path) => {
      const address = newAddress();
      const body = path === 'forgot' ? { email: 'x@example.com' } : { token: 'x', newPassword: NEW_PASSWORD };

      const answers = await Promise.all(
        Array.from({ length: 31 }, () => post(`password/${path}`, body, address)),
      );

      expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    },
  );

  /** An administrator's session of now: these tests move the clock. */
  async function adminSignIn(): Promise<Answer> {
    await app.signIn('admin');
    return signIn('admin@example.com', PASSWORD);
  }
});

describe('what the answer to a forgotten password gives away', () => {
  let app: TestApp;
  const name = randomUUID();
  const [active, disabled, unknown] = [
    `a-${name}@example.com`,
    `d-${name}@example.com`,
    `u-${name}@example.com`,
  ];
  beforeAll(async () => {
    app = await startTestApp();
    await app.register(active);
    const id = await app.register(disabled);
    await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: await app.signIn('admin') });
  });
  afterAll(() => app.close());

  const forgot = (email: string): Promise<Answer> => app.post('/v1/auth/password/forgot', { email });

  it('ASVS 6.3.8: an unknown, an active and a disabled account get one and the same answer', async () => {
    const answers = [await forgot(unknown), await forgot(active), await forgot(disabled)];

    const [first, ...others] = answers.map(({ status, headers, text }) => ({
      status,
      text,
      headers: [...headers.keys()].filter((header) => header !== 'date'),
    }));

    expect(first).toMatchObject({ status: 202, text: '' });
    expect(others).toEqual([first, first]);
  });

  it('ASVS 6.3.8: over the limit of an account they get that answer still', async () => {
    const limited = await startTestApp({ THROTTLE_RESET_LIMIT: '1' });
    const emails = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
    await limited.register(emails[0] ?? '');
    const ask = (email: string): Promise<Answer> => limited.post('/v1/auth/password/forgot', { email });

    const within = await Promise.all(emails.map(ask));
    const over = await Promise.all(emails.map(ask));
    const mails = await mailsTo(limited, emails[0] ?? '');
    await limited.close();

    const shown = ({ status, text, headers }: Answer) => ({ status, text, headers: [...headers.keys()] });
    expect(over.map(shown)).toEqual(within.map(shown));
    expect(within.map(({ status }) => status)).toEqual([202, 202]);
    expect(mails).toHaveLength(1);
  });

  it('ASVS 6.3.8: they take the same time, and so does the request after them', async () => {
    const emails = [unknown, active, disabled];

    const { ofAnswers, ofNext } = await timesInTurn(app, emails, TRIES, forgot);
    await app.nest.get(MailRoom, { strict: false }).settled();

    expect((await mailsTo(app, active)).length).toBeGreaterThanOrEqual(TRIES);
    for (const [ofUnknown = [], ...ofKnown] of [ofAnswers, ofNext]) {
      for (const share of ofKnown.map((ofAccount) => slowerShare(ofAccount, ofUnknown))) {
        expect(Math.abs(share - 0.5)).toBeLessThan(0.12);
      }
    }
  });
});
