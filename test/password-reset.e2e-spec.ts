import { randomUUID } from 'node:crypto';
import { Housekeeping } from '../src/auth/housekeeping.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { askForToken, mailsTo, resetTokenIn } from './support/mailbox.js';

const NEW_PASSWORD = 'a tall ship and a star';
const WRONG = 'A'.repeat(43);

describe('a forgotten password', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      THROTTLE_RESET_LIMIT: '5',
      THROTTLE_ACCOUNT_LIMIT: '5',
      THROTTLE_DEVICE_LIMIT: '5',
    });
    await app.signIn('admin');
  });
  afterAll(() => app.close());

  // Redis outlives a run, so each run has accounts of its own.
  async function newAccount(): Promise<{ id: string; email: string }> {
    const email = `${randomUUID()}@example.com`;
    return { id: await app.register(email), email };
  }

  /** As an administrator who has just signed in: these tests move the clock. */
  async function setStatus(id: string, status: string): Promise<void> {
    const { accessToken: token } = await app.login('admin@example.com');
    await app.patch(`/v1/users/${id}`, { status }, { token });
  }

  const forgot = (email: string): Promise<Answer> => app.post('/v1/auth/password/forgot', { email });
  const reset = (token: string, newPassword = NEW_PASSWORD): Promise<Answer> =>
    app.post('/v1/auth/password/reset', { token, newPassword });
  const signIn = async (email: string, password: string): Promise<number> =>
    (await app.post('/v1/auth/login', { email, password })).status;
  const tokensOf = (userId: string): Promise<unknown[]> =>
    app.database.query('SELECT 1 FROM password_reset_tokens WHERE user_id = $1', [userId]);

  it('is set anew with the token from a mail, which ends every session', async () => {
    const { email } = await newAccount();
    const { accessToken, refreshToken } = await app.login(email);

    const asked = await forgot(email.toUpperCase());
    const [mail] = await mailsTo(app, email);
    const done = await reset(resetTokenIn(mail));

    expect([asked.status, done.status]).toEqual([202, 204]);
    expect((await app.get('/v1/users/me', { token: accessToken })).status).toBe(401);
    expect((await app.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect([await signIn(email, PASSWORD), await signIn(email, NEW_PASSWORD)]).toEqual([401, 200]);
  });

  it('is answered with nothing but 202, and with no mail where there is no active account', async () => {
    const disabled = await newAccount();
    await setStatus(disabled.id, 'disabled');
    const unknown = `${randomUUID()}@example.com`;

    const answers = [await forgot(disabled.email), await forgot(unknown), await forgot('no address at all')];
    const mails = [await mailsTo(app, disabled.email), await mailsTo(app, unknown)];

    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, ''],
      [202, ''],
      [202, ''],
    ]);
    expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
    expect(mails).toEqual([[], []]);
  });

  it('is told of by mail when it is set, without a secret', async () => {
    const { email } = await newAccount();
    const token = await askForToken(app, email);

    await reset(token);
    const [, notice, ...others] = await mailsTo(app, email);

    expect(notice).toMatchObject({
      from: 'Latchkey <no-reply@latchkey.example>',
      subject: 'Your password was changed',
    });
    expect(notice?.text).toMatch(/was changed on\n\d{4}-\d\d-\d\d at \d\d:\d\d UTC\./);
    expect(notice?.text).not.toContain(token);
    expect(notice?.text).not.toContain(NEW_PASSWORD);
    expect(others).toEqual([]);
  });

  it('is told of by mail when its owner changes it, too', async () => {
    const { email } = await newAccount();
    const { accessToken: token } = await app.login(email);

    await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token },
    );

    expect(await mailsTo(app, email)).toEqual([
      expect.objectContaining({ subject: 'Your password was changed' }),
    ]);
  });

  it('takes the newest token only', async () => {
    const { email } = await newAccount();
    const older = await askForToken(app, email);
    const newer = await askForToken(app, email);

    const answers = [await reset(older), await reset(newer)];

    expect(answers.map(({ status }) => status)).toEqual([401, 204]);
  });

  it('takes a token for 30 minutes', async () => {
    const [punctual, late] = [await newAccount(), await newAccount()];
    const tokens = [await askForToken(app, punctual.email), await askForToken(app, late.email)];

    app.clock.advance({ minutes: 29 });
    const inTime = await reset(tokens[0] ?? '');
    app.clock.advance({ minutes: 1 });
    const tooLate = await reset(tokens[1] ?? '');

    expect([inTime.status, tooLate.status]).toEqual([204, 401]);
  });

  it('takes a token once, also where 20 come with it at once', async () => {
    const { email } = await newAccount();
    const token = await askForToken(app, email);
    const passwords = Array.from({ length: 20 }, (_, index) => `${NEW_PASSWORD} ${index}`);

    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    const again = await reset(token);

    const winner = answers.findIndex(({ status }) => status === 204);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(19).fill(401)]);
    expect(again.status).toBe(401);
    expect(await signIn(email, passwords[winner] ?? '')).toBe(200);
  });

  it('keeps the token for another try where the new password is weak', async () => {
    const { email } = await newAccount();
    const token = await askForToken(app, email);

    const weak = await reset(token, 'iloveyou');
    const withAddress = await reset(token, `my ${email}`);
    const strong = await reset(token);

    expect([weak.status, withAddress.status, strong.status]).toEqual([422, 422, 204]);
    expect(weak.body).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/newPassword', detail: expect.any(String) }],
    });
  });

  it.each([
    ['was never issued', WRONG],
    ['is no token', 'x'],
    ['is empty', ''],
  ])('refuses a token that %s', async (_, token) => {
    const answer = await reset(token);

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ type: '/problems/invalid-token', code: 'invalid-token' });
    expect(answer.body.detail).toMatch(/ask for another one/);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer'); // RFC 9110 15.5.2
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('refuses the token of an account that was disabled meanwhile, in the same way', async () => {
    const { id, email } = await newAccount();
    const token = await askForToken(app, email);
    await setStatus(id, 'disabled');

    const [disabled, wrong] = [await reset(token), await reset(WRONG)];
    await setStatus(id, 'active');

    expect({ ...disabled.body, instance: '' }).toEqual({ ...wrong.body, instance: '' });
    expect([await signIn(email, NEW_PASSWORD), await signIn(email, PASSWORD)]).toEqual([401, 200]);
  });

  it.each([
    ['no address', 'forgot', {}, '/email'],
    ['an address that is a list', 'forgot', { email: ['a@example.com'] }, '/email'],
    ['a long address', 'forgot', { email: 'a'.repeat(255) }, '/email'],
    ['a field nobody knows', 'forgot', { email: 'a@example.com', url: 'https://evil.example' }, '/url'],
    ['no token', 'reset', { newPassword: NEW_PASSWORD }, '/token'],
    ['a token that is an object', 'reset', { token: {}, newPassword: NEW_PASSWORD }, '/token'],
    ['no password', 'reset', { token: WRONG }, '/newPassword'],
  ])('refuses %s and names the field', async (_, path, body, pointer) => {
    const answer = await app.post(`/v1/auth/password/${path}`, body);

    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  it('is not reset by a token from before the owner changed it', async () => {
    const { email } = await newAccount();
    const { accessToken } = await app.login(email);
    const token = await askForToken(app, email);
    const changed = await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token: accessToken },
    );

    const answer = await reset(token, 'another one altogether');

    expect([changed.status, answer.status]).toEqual([204, 401]);
  });

  it('can be asked for 5 times in 15 minutes; after that nothing is sent, and the last token is good', async () => {
    const { email } = await newAccount();
    await Promise.all(Array.from({ length: 5 }, () => forgot(email)));
    const sent = await mailsTo(app, email);

    const sixth = await forgot(email);
    const afterSixth = await mailsTo(app, email);
    const outcomes = await Promise.all(sent.map((mail) => reset(resetTokenIn(mail))));
    app.clock.advance({ minutes: 31 });
    await forgot(email);
    const later = await mailsTo(app, email);

    expect([sixth.status, sixth.text]).toEqual([202, '']);
    expect([sent.length, afterSixth.length, later.length]).toEqual([5, 5, 7]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([204, 401, 401, 401, 401]);
  });

  it('lets its owner in at once, though somebody had used up the tries', async () => {
    const { email } = await newAccount();
    for (let tries = 0; tries < 5; tries++) {
      await signIn(email, 'wrong');
    }
    const before = await signIn(email, PASSWORD);
    await reset(await askForToken(app, email));

    const after = await signIn(email, NEW_PASSWORD);

    expect([before, after]).toEqual([429, 200]);
  });

  it('lets its owner in at once in a browser that is known, too', async () => {
    const { email } = await newAccount();
    const signedIn = await app.post('/v1/auth/login', { email, password: PASSWORD });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const signInThere = async (password: string): Promise<number> =>
      (await app.post('/v1/auth/login', { email, password }, { headers: { cookie } })).status;
    for (let tries = 0; tries < 5; tries++) {
      await signInThere('wrong');
    }
    const before = await signInThere(PASSWORD);

    const token = await askForToken(app, email);
    await app.post('/v1/auth/password/reset', { token, newPassword: NEW_PASSWORD }, { headers: { cookie } });

    expect([before, await signInThere(NEW_PASSWORD)]).toEqual([429, 200]);
  });

  it('leaves no token behind, neither expired nor of an account that is gone', async () => {
    const [forgetful, leaving] = [await newAccount(), await newAccount()];
    const { accessToken: token } = await app.login(leaving.email);
    await askForToken(app, forgetful.email);
    await askForToken(app, leaving.email);
    const before = [await tokensOf(forgetful.id), await tokensOf(leaving.id)];

    await app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } });
    const ofLeaving = await tokensOf(leaving.id);
    await app.nest.get(Housekeeping).clean();
    const inTime = await tokensOf(forgetful.id);
    app.clock.advance({ minutes: 31 });
    await app.nest.get(Housekeeping).clean();
    const afterwards = await tokensOf(forgetful.id);

    expect(before.map((rows) => rows.length)).toEqual([1, 1]);
    expect([ofLeaving.length, inTime.length, afterwards.length]).toEqual([0, 1, 0]);
  });
});
