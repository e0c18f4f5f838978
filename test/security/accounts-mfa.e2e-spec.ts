import { randomUUID } from 'node:crypto';
import { afterNextCheck } from '../support/after-next-check.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { askForToken } from '../support/mailbox.js';
import { fromBase32, totp } from '../support/totp.js';
import { dumpDatabase, secretsFoundIn } from './support/database-dump.js';

interface Protected {
  readonly email: string;
  readonly token: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

describe('a second factor', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      LOG_LEVEL: 'trace',
      THROTTLE_ACCOUNT_LIMIT: '10',
      THROTTLE_DEVICE_LIMIT: '10',
    });
  });
  afterAll(() => app.close());

  // Redis outlives a run, so each run has accounts of its own.
  async function somebody(): Promise<{ email: string; token: string }> {
    const email = `${randomUUID()}@example.com`;
    await app.register(email);
    return { email, token: (await app.login(email)).accessToken };
  }

  async function protectedSomebody(): Promise<Protected> {
    const { email, token } = await somebody();
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const { recoveryCodes } = (await confirm(token, codeOf(secret))).body;
    app.clock.advance({ seconds: 30 });
    return { email, token, secret, recoveryCodes };
  }

  const codeOf = (secret: string, stepsAway = 0): string =>
    totp(secret, app.clock.seconds() + 30 * stepsAway);
  const confirm = (token: string, code: string): Promise<Answer> =>
    app.post('/v1/auth/mfa/totp/confirm', { code }, { token });
  const signIn = (email: string, code?: unknown, password = PASSWORD): Promise<Answer> =>
    app.post('/v1/auth/login', { email, password, code, delivery: 'body' });

  it('ASVS 6.3.3: the password alone opens no session, and gives no token', async () => {
    const { email } = await protectedSomebody();

    const answer = await app.post('/v1/auth/login', { email, password: PASSWORD, delivery: 'cookie' });

    expect([answer.status, answer.body.code]).toEqual([401, 'mfa-required']);
    expect(answer.text).not.toMatch(/eyJ|accessToken|refreshToken/);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('ASVS 6.5.1: a code works once, for whoever is first of 10', async () => {
    const { email, secret } = await protectedSomebody();
    const code = codeOf(secret);

    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(email, code)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(401)]);
  });

  it('ASVS 6.5.1: a recovery code works once, for whoever is first of 10', async () => {
    const { email, recoveryCodes } = await protectedSomebody();

    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(email, recoveryCodes[0])));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(401)]);
  });

  it('ASVS 6.5.2, 6.5.3: the database holds neither the secret nor a recovery code; each has 120 bits or more', async () => {
    const { secret, recoveryCodes } = await protectedSomebody();
    const [code = ''] = recoveryCodes;

    const dump = await dumpDatabase(app.database);

    expect(dump).toContain('second_factors');
    const bytes = fromBase32(secret);
    expect(bytes.length * 8).toBe(160);
    expect(fromBase32(code.replaceAll('-', '')).length * 8).toBe(120);
    const secrets = { secret, bytes, code, bare: code.replaceAll('-', '') };
    expect(secretsFoundIn(dump, secrets)).toEqual([]);
  });

  it('ASVS 6.5.5: a code is dead a minute after its own 30 seconds', async () => {
    const { email, secret } = await protectedSomebody();
    const code = codeOf(secret);

    app.clock.advance({ seconds: 60 });

    expect((await signIn(email, code)).status).toBe(401);
  });

  it('ASVS 6.3.1: 10 codes are tried in 15 minutes, and no more, whatever they are', async () => {
    const { email, secret } = await protectedSomebody();

    const answers: Answer[] = [];
    for (let tries = 0; tries < 10; tries++) {
      answers.push(await signIn(email, '000000'));
    }
    const right = await signIn(email, codeOf(secret));

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect(right.status).toBe(429);
  });

  it('ASVS 6.3.1: neither proving the password again nor setting a new one gives more tries', async () => {
    const { email, token, secret } = await protectedSomebody();
    const again = (code: string): Promise<Answer> =>
      app.post('/v1/auth/reauthenticate', { password: PASSWORD, code }, { token });

    const answers: Answer[] = [];
    for (let tries = 0; tries < 5; tries++) {
      answers.push(await again('000000'));
    }
    const newPassword = 'a tall ship and a star';
    await app.post('/v1/auth/password/reset', { token: await askForToken(app, email), newPassword });
    for (let tries = 0; tries < 5; tries++) {
      answers.push(await signIn(email, '000000', newPassword));
    }
    const right = await signIn(email, codeOf(secret), newPassword);

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect(right.status).toBe(429);
  });

  it('ASVS 6.3.1: codes sent by those who do not know the password use up none of its owner', async () => {
    const { email, token, secret } = await protectedSomebody();
    const again = (code: string): Promise<Answer> =>
      app.post('/v1/auth/reauthenticate', { password: PASSWORD, code }, { token });

    const ofStrangers = await Promise.all(Array.from({ length: 8 }, () => signIn(email, '000000', 'wrong')));
    const answers: Answer[] = [];
    for (let tries = 0; tries < 10; tries++) {
      answers.push(await again('000000'));
    }
    const refused = await again(codeOf(secret));
    const stranger = await signIn(email, '000000', 'wrong');
    const afterStranger = await again(codeOf(secret));

    expect(ofStrangers.map(({ body }) => body.code)).toEqual(Array(8).fill('invalid-credentials'));
    expect(answers.map(({ body }) => body.code)).toEqual(Array(10).fill('mfa-required'));
    // Nor do they give any back that was not counted.
    expect([refused.status, afterStranger.status]).toEqual([429, 429]);
    // Nor are they told that no more codes are checked.
    expect([stranger.status, stranger.body.code]).toEqual([401, 'invalid-credentials']);
  });

  it('ASVS 6.3.3: who has registered with an address of somebody else sets up no factor that would keep its owner out', async () => {
    const email = `${randomUUID()}@example.com`;
    await app.register(email, ['customer'], { emailVerified: false });
    const { accessToken: token } = await app.login(email);

    const answer = await app.post('/v1/auth/mfa/totp', undefined, { token });

    expect([answer.status, answer.body.detail]).toEqual([
      409,
      'Verify your address first; POST /v1/auth/email/resend sends the link again.',
    ]);
  });

  it('ASVS 6.3.8: who does not know the password is not told that there is a second factor', async () => {
    const [{ email }, { email: without }] = [await protectedSomebody(), await somebody()];

    const answers = [await signIn(email, undefined, 'wrong'), await signIn(without, undefined, 'wrong')];

    const [first, second] = answers.map(({ status, body }) => ({ status, body: { ...body, instance: '' } }));
    expect(first).toMatchObject({ status: 401, body: { code: 'invalid-credentials' } });
    expect(second).toEqual(first);
  });

  it('ASVS 7.4.3: no sign-in with the password alone outlives the setting up, not even one that was under way', async () => {
    const { email, token } = await somebody();
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const confirmed = afterNextCheck(app, () => confirm(token, codeOf(secret)));

    const answer = await signIn(email);

    expect((await confirmed).status).toBe(200);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid-credentials']);
  });

  it('ASVS 7.4.3: setting one up ends the sessions that one factor opened', async () => {
    const { email, token } = await somebody();
    const other = await app.login(email);
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;

    await confirm(token, codeOf(secret));

    expect((await app.get('/v1/users/me', { token: other.accessToken })).status).toBe(401);
  });

  it('ASVS 7.5.1: a stolen access token that is older than 5 minutes takes none away and sets none up', async () => {
    const [{ email, token }, { token: other }] = [await protectedSomebody(), await somebody()];
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token: other })).body;
    app.clock.advance({ minutes: 6 });

    const answers = [
      await app.delete('/v1/auth/mfa', { token }),
      await app.post('/v1/auth/mfa/recovery-codes', undefined, { token }),
      await app.post('/v1/auth/mfa/totp', undefined, { token: other }),
      await confirm(other, codeOf(secret)),
    ];

    expect(answers.map(({ body }) => body.code)).toEqual(Array(4).fill('insufficient-user-authentication'));
    expect((await signIn(email)).body.code).toBe('mfa-required');
  });

  it.each([
    '',
    ' ',
    '٠٥٠٤٧١',
    '1e5000',
    '-12345',
    '123456\u0000',
    '123456 OR 1=1',
    "'; DROP TABLE second_factors; --",
    '\ud800',
    '💥💥💥💥💥💥',
  ])('ASVS 1.2: %j is no code, and breaks nothing', async (code) => {
    const { email } = await protectedSomebody();

    const answer = await signIn(email, code);

    expect([400, 401, 422]).toContain(answer.status);
    expect(answer.body.code).not.toBe('internal-error');
  });

  it('ASVS 16.2.5: neither the secret, nor a code, nor the address is in the log', async () => {
    const { email, token, secret, recoveryCodes } = await protectedSomebody();
    const code = codeOf(secret);
    const [used = '', unused = ''] = recoveryCodes;
    await signIn(email, code);
    await signIn(email, used);
    await signIn(email, used);
    await app.delete('/v1/auth/mfa', { token });

    const log = app.log.join('');

    expect(log).toContain('recovery-code-used');
    expect(secretsFoundIn(log, { secret, used, unused, email })).toEqual([]);
    expect(log).not.toMatch(new RegExp(`\\b${code}\\b`));
  });
});
