import { randomUUID } from 'node:crypto';
import { MailRoom } from '../../src/mail/mail-room.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { newAddress } from '../support/client-address.js';
import { mailsTo, verificationTokenIn } from '../support/mailbox.js';
import { dumpDatabase, secretsFoundIn } from './support/database-dump.js';
import { slowerShare, timesInTurn } from './support/answer-times.js';

const TRIES = 200;

// Redis outlives a run, so each run has accounts of its own.
const newEmail = (): string => `${randomUUID()}@example.com`;

describe('verifying an address', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ LOG_LEVEL: 'trace', TRUSTED_PROXIES: '127.0.0.1', THROTTLE_AUTH_LIMIT: '30' });
  });
  afterAll(() => app.close());

  const post = (path: string, body: object, token?: string, address = newAddress()): Promise<Answer> =>
    app.post(`/v1/auth/${path}`, body, { token, headers: { 'x-forwarded-for': address } });
  const register = (email: string): Promise<Answer> => post('register', { email, password: PASSWORD });
  const verify = (token: string): Promise<Answer> => post('email/verify', { token });
  const signIn = async (email: string): Promise<{ accessToken: string; refreshToken: string }> =>
    (await post('login', { email, password: PASSWORD, delivery: 'body' })).body;
  const lastTokenTo = async (email: string): Promise<string> =>
    verificationTokenIn((await mailsTo(app, email)).at(-1));

  async function tokenFor(email: string): Promise<string> {
    await register(email);
    return lastTokenTo(email);
  }

  it('ASVS 6.4.1: a verification token works once, for whoever is first of 20', async () => {
    const token = await tokenFor(newEmail());

    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(19).fill(401)]);
  });

  it('ASVS 6.4.1: asking anew kills the older token', async () => {
    const email = newEmail();
    const older = await tokenFor(email);
    await post('email/resend', { email });
    const newer = await lastTokenTo(email);

    const answers = [await verify(older), await verify(newer)];

    expect(answers.map(({ status }) => status)).toEqual([401, 204]);
  });

  it('ASVS 6.4.1, 6.5.5: a verification token is dead after 24 hours', async () => {
    const token = await tokenFor(newEmail());

    app.clock.advance({ minutes: 24 * 60 });

    expect((await verify(token)).status).toBe(401);
  });

  it('ASVS 6.5.2, 6.5.3: a verification token is 256 random bits, of which the database knows a digest', async () => {
    const tokens = [await tokenFor(newEmail()), await tokenFor(newEmail())];

    const dump = await dumpDatabase(app.database);

    expect(tokens.map((token) => Buffer.from(token, 'base64url').length)).toEqual([32, 32]);
    expect(new Set(tokens).size).toBe(2);
    expect(dump).toContain('email_verification_tokens');
    const bytes = tokens.map((token) => Buffer.from(token, 'base64url'));
    expect([...tokens, ...bytes].filter((secret) => secretsFoundIn(dump, { secret }).length > 0)).toEqual([]);
  });

  it('RFC 8725 3.11: a verification token is never an access token, a refresh token or a reset token', async () => {
    const email = newEmail();
    const token = await tokenFor(email);

    const answers = [
      await app.get('/v1/users/me', { token }),
      await post('refresh', { refreshToken: token }),
      await post('password/reset', { token, newPassword: 'a tall ship and a star' }),
    ];
    const verified = await verify(token);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [401, 'invalid-token']),
    );
    expect(verified.status).toBe(204);
  });

  it('RFC 8725 3.11: neither an access token nor a refresh token is a verification token', async () => {
    const email = newEmail();
    await register(email);
    const { accessToken, refreshToken } = await signIn(email);

    const answers = [await verify(accessToken), await verify(refreshToken)];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [401, 'invalid-token']),
    );
  });

  it('ASVS 6.3.7: the old address gets a mail when an account gets another one', async () => {
    const [email, other] = [newEmail(), newEmail()];
    await app.register(email);
    const { accessToken } = await signIn(email);
    await post('email/change', { newEmail: other }, accessToken);
    await verify(await lastTokenTo(other));

    const mails = await mailsTo(app, email);

    expect(mails.map(({ subject }) => subject)).toEqual(['Your address was changed']);
    expect(mails[0]?.text).not.toContain(other);
  });

  it('ASVS 7.5.1: a stolen access token that is older than 5 minutes changes no address', async () => {
    const [email, other] = [newEmail(), newEmail()];
    await app.register(email);
    const { accessToken } = await signIn(email);
    app.clock.advance({ minutes: 6 });

    const answer = await post('email/change', { newEmail: other }, accessToken);

    expect(answer.body.code).toBe('insufficient-user-authentication');
    expect(answer.headers.get('www-authenticate')).toContain('max_age="300"');
    expect(await mailsTo(app, other)).toEqual([]);
  });

  it('ASVS 16.2.5: neither the token, nor an address, nor a word of the mail is in the log', async () => {
    const [email, other, unknown] = [newEmail(), newEmail(), newEmail()];
    const token = await tokenFor(email);
    const { accessToken } = await signIn(email);
    await verify(token);
    await verify(token);
    await post('email/change', { newEmail: other }, accessToken);
    const changeToken = await lastTokenTo(other);
    await verify(changeToken);
    await post('email/resend', { email: unknown });
    await mailsTo(app, unknown);

    const log = app.log.join('');

    expect(log).toContain('email-verified');
    expect(secretsFoundIn(log, { token, changeToken, email, other, unknown })).toEqual([]);
    expect(log).not.toMatch(/Somebody, we hope|verify-email#/);
  });

  it.each(['verify', 'resend'])(
    'ASVS 6.3.1: one address may ask for email/%s 30 times a minute',
    async (path) => {
      const address = newAddress();
      const body = path === 'resend' ? { email: 'x@example.com' } : { token: 'x' };

      const answers = await Promise.all(
        Array.from({ length: 31 }, () => post(`email/${path}`, body, undefined, address)),
      );

      expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    },
  );
});

describe('what the answer to a registration gives away where the address has to be verified', () => {
  let app: TestApp;
  const [known, unknown] = [newEmail(), newEmail()];
  beforeAll(async () => {
    app = await startTestApp({ EMAIL_VERIFICATION: 'required' });
    await app.register(known);
  });
  afterAll(() => app.close());

  const register = (email: string): Promise<Answer> =>
    app.post('/v1/auth/register', { email, password: 'a tall ship and a star' });
  const signIn = (email: string): Promise<Answer> =>
    app.post('/v1/auth/login', { email, password: 'a tall ship and a star' });

  it('ASVS 6.3.8: an address with an account and one without get one and the same answer', async () => {
    const answers = [await register(known), await register(unknown)];

    const [first, second] = answers.map(({ status, headers, text }) => ({
      status,
      text,
      headers: [...headers.keys()].filter((header) => header !== 'date'),
    }));

    expect(first).toMatchObject({ status: 202, text: '' });
    expect(second).toEqual(first);
  });

  it('ASVS 6.3.8: nor does signing in with what was registered tell them apart', async () => {
    await register(known);
    await register(unknown);

    const answers = [await signIn(known), await signIn(unknown)];

    const [first, second] = answers.map(({ status, body }) => ({ status, body: { ...body, instance: '' } }));
    expect(first?.status).toBe(401);
    expect(second).toEqual(first);
  });

  it('ASVS 6.3.8: they take the same time, and so does the request after them', async () => {
    const emails = [unknown, known];

    const { ofAnswers, ofNext } = await timesInTurn(app, emails, TRIES, register);
    await app.nest.get(MailRoom, { strict: false }).settled();

    expect((await mailsTo(app, known)).length).toBeGreaterThanOrEqual(TRIES);
    for (const [ofUnknown = [], ofKnown = []] of [ofAnswers, ofNext]) {
      expect(Math.abs(slowerShare(ofKnown, ofUnknown) - 0.5)).toBeLessThan(0.12);
    }
  });
});
