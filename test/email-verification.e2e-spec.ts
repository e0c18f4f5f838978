import { randomUUID } from 'node:crypto';
import { Housekeeping } from '../src/auth/housekeeping.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { askForToken, mailsTo, verificationTokenIn } from './support/mailbox.js';

const WRONG = 'A'.repeat(43);

// Redis outlives a run, so each run has addresses of its own.
const newAddress = (): string => `${randomUUID()}@example.com`;

describe('an address that need not be verified', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ THROTTLE_RESET_LIMIT: '5' });
  });
  afterAll(() => app.close());

  const register = (email: string): Promise<Answer> =>
    app.post('/v1/auth/register', { email, password: PASSWORD });
  const verify = (token: string): Promise<Answer> => app.post('/v1/auth/email/verify', { token });
  const resend = (email: string): Promise<Answer> => app.post('/v1/auth/email/resend', { email });
  const lastTokenTo = async (email: string): Promise<string> =>
    verificationTokenIn((await mailsTo(app, email)).at(-1));
  const isVerified = async (email: string): Promise<boolean> => {
    const { accessToken: token } = await app.login(email);
    return (await app.get('/v1/users/me', { token })).body.emailVerified;
  };

  it('gets a mail when it registers, signs in before it is verified, and is verified by the token', async () => {
    const email = newAddress();

    const registered = await register(email);
    const before = await isVerified(email);
    const verified = await verify(await lastTokenTo(email));

    expect([registered.status, registered.body.emailVerified, before]).toEqual([201, false, false]);
    expect([verified.status, verified.text]).toEqual([204, '']);
    expect(verified.headers.get('cache-control')).toBe('no-store');
    expect(await isVerified(email)).toBe(true);
  });

  it('takes a token once, also where 10 come with it at once', async () => {
    const email = newAddress();
    await register(email);
    const token = await lastTokenTo(email);

    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(token)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(9).fill(401)]);
  });

  it('takes the newest token only, and for 24 hours', async () => {
    const [one, other] = [newAddress(), newAddress()];
    await register(one);
    await register(other);
    const older = await lastTokenTo(one);
    await resend(one.toUpperCase());
    const newer = await lastTokenTo(one);
    const late = await lastTokenTo(other);

    app.clock.advance({ minutes: 23 * 60 + 59 });
    const answers = [await verify(older), await verify(newer)];
    app.clock.advance({ minutes: 1 });
    answers.push(await verify(late));

    expect(answers.map(({ status }) => status)).toEqual([401, 204, 401]);
  });

  it('is sent nothing where it is verified, unknown or disabled, with the same answer', async () => {
    const [verified, unknown, disabled] = [newAddress(), newAddress(), newAddress()];
    await register(verified);
    await verify(await lastTokenTo(verified));
    const { id } = (await register(disabled)).body;
    await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: await freshAdmin() });
    const before = [(await mailsTo(app, verified)).length, (await mailsTo(app, disabled)).length];

    const answers = [await resend(verified), await resend(unknown), await resend(disabled)];
    const after = [(await mailsTo(app, verified)).length, (await mailsTo(app, disabled)).length];

    expect(answers.map(({ status, text }) => `${status}${text}`)).toEqual(Array(3).fill('202'));
    expect(after).toEqual(before);
    expect(await mailsTo(app, unknown)).toEqual([]);
  });

  it('can be sent 5 mails in 15 minutes', async () => {
    const email = newAddress();
    await register(email);

    const answers = await Promise.all(Array.from({ length: 7 }, () => resend(email)));

    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(202));
    expect(await mailsTo(app, email)).toHaveLength(1 + 5);
  });

  it('is verified by setting a new password with a token from a mail, too', async () => {
    const email = newAddress();
    await register(email);
    const token = await askForToken(app, email);

    await app.post('/v1/auth/password/reset', { token, newPassword: PASSWORD });

    expect(await isVerified(email)).toBe(true);
  });

  it.each([
    ['was never issued', WRONG],
    ['is no token', 'x'],
    ['is empty', ''],
  ])('refuses a token that %s', async (_, token) => {
    const answer = await verify(token);

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ type: '/problems/invalid-token', code: 'invalid-token' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['no token', 'verify', {}, '/token'],
    ['a token that is a list', 'verify', { token: [WRONG] }, '/token'],
    ['no address', 'resend', {}, '/email'],
    ['an address that is an object', 'resend', { email: {} }, '/email'],
    ['a field nobody knows', 'resend', { email: 'a@example.com', url: 'https://evil.example' }, '/url'],
  ])('refuses %s and names the field', async (_, path, body, pointer) => {
    const answer = await app.post(`/v1/auth/email/${path}`, body);

    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  async function freshAdmin(): Promise<string> {
    const email = newAddress();
    await app.register(email, ['customer', 'admin']);
    return (await app.login(email)).accessToken;
  }
});

describe('an address that has to be verified', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ EMAIL_VERIFICATION: 'required', THROTTLE_RESET_LIMIT: '5' });
  });
  afterAll(() => app.close());

  const register = (email: string, password = PASSWORD): Promise<Answer> =>
    app.post('/v1/auth/register', { email, password, displayName: 'Ada' });
  const verify = (token: string): Promise<Answer> => app.post('/v1/auth/email/verify', { token });
  const resend = (email: string): Promise<Answer> => app.post('/v1/auth/email/resend', { email });
  const signIn = async (email: string, password = PASSWORD): Promise<number> =>
    (await app.post('/v1/auth/login', { email, password })).status;
  const lastTokenTo = async (email: string): Promise<string> =>
    verificationTokenIn((await mailsTo(app, email)).at(-1));

  it('has an account from the moment it is verified', async () => {
    const email = newAddress();

    const registered = await register(email.toUpperCase());
    const before = await signIn(email);
    const verified = await verify(await lastTokenTo(email));
    const { accessToken: token } = await app.login(email);
    const me = await app.get('/v1/users/me', { token });

    expect([registered.status, registered.text, before, verified.status]).toEqual([202, '', 401, 204]);
    expect(me.body).toMatchObject({ email, emailVerified: true, displayName: 'Ada', roles: ['customer'] });
  });

  it('gets the same answer where there is an account, which is left as it is and told of it', async () => {
    const email = newAddress();
    await register(email);
    await verify(await lastTokenTo(email));

    const again = await register(email, 'another one altogether');
    const mails = await mailsTo(app, email);

    expect([again.status, again.text]).toEqual([202, '']);
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Verify your address',
      'You have an account already',
    ]);
    expect(mails[1]?.text).not.toContain('token=');
    expect([await signIn(email), await signIn(email, 'another one altogether')]).toEqual([200, 401]);
  });

  it('with an account gets no link of a registration, however it is asked for', async () => {
    const email = newAddress();
    await app.register(email);
    await register(email, 'another one altogether');

    await resend(email);
    const mails = await mailsTo(app, email);

    expect(mails.map(({ subject }) => subject)).toEqual(['You have an account already']);
  });

  it('leaves nothing behind when its account goes', async () => {
    const email = newAddress();
    await app.register(email);
    const { accessToken: token } = await app.login(email);
    await register(email, 'another one altogether');

    await app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } });

    expect(await app.database.query('SELECT 1 FROM pending_registrations WHERE email = $1', [email])).toEqual(
      [],
    );
  });

  it('takes the newest registration, and a token that was sent again', async () => {
    const email = newAddress();
    await register(email, 'the first of two passwords');
    const first = await lastTokenTo(email);
    await register(email, 'the second of two passwords');
    const second = await lastTokenTo(email);
    await resend(email);
    const third = await lastTokenTo(email);

    const answers = [await verify(first), await verify(second), await verify(third)];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 204]);
    expect(await signIn(email, 'the first of two passwords')).toBe(401);
    expect(await signIn(email, 'the second of two passwords')).toBe(200);
  });

  it('is answered with 409 where it got an account in the meantime, and with the token left as it is', async () => {
    const email = newAddress();
    await register(email);
    const token = await lastTokenTo(email);
    await app.register(email);

    const answers = [await verify(token), await verify(token)];

    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array(2).fill('409 conflict'),
    );
  });

  it('lets nobody in whose address was never verified, until it is', async () => {
    const email = newAddress();
    await app.register(email, ['customer'], { emailVerified: false });

    const before = await signIn(email);
    await resend(email);
    await verify(await lastTokenTo(email));

    expect([before, await signIn(email)]).toEqual([401, 200]);
  });

  it('refuses a weak password before anything is sent', async () => {
    const email = newAddress();

    const answer = await register(email, 'iloveyou');

    expect(answer.status).toBe(422);
    expect(await mailsTo(app, email)).toEqual([]);
  });

  it('can be registered 5 times in 15 minutes, of which the last is good, and hears of the sixth', async () => {
    const email = newAddress();

    await Promise.all(Array.from({ length: 7 }, () => resend(email))); // these are counted apart
    await mailsTo(app, email);
    const answers: Answer[] = [];
    for (let tries = 0; tries < 7; tries++) {
      answers.push(await register(email));
    }
    const mails = await mailsTo(app, email);
    const verified = await Promise.all(mails.map((mail) => verify(verificationTokenIn(mail))));

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429]);
    expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(mails).toHaveLength(5);
    expect(verified.map(({ status }) => status).toSorted()).toEqual([204, 401, 401, 401, 401]);
  });

  it('leaves no registration behind that nobody has confirmed', async () => {
    const email = newAddress();
    await register(email);
    const rows = (): Promise<unknown[]> =>
      app.database.query('SELECT 1 FROM pending_registrations WHERE email = $1', [email]);

    await app.nest.get(Housekeeping).clean();
    const inTime = await rows();
    app.clock.advance({ minutes: 24 * 60 + 1 });
    await app.nest.get(Housekeeping).clean();

    expect([inTime.length, (await rows()).length]).toEqual([1, 0]);
  });
});

describe('changing an address', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ THROTTLE_RESET_LIMIT: '5' });
  });
  afterAll(() => app.close());

  const change = (token: string, newEmail: unknown): Promise<Answer> =>
    app.post('/v1/auth/email/change', { newEmail }, { token });
  const verify = (token: string): Promise<Answer> => app.post('/v1/auth/email/verify', { token });
  const signIn = async (email: string): Promise<number> =>
    (await app.post('/v1/auth/login', { email, password: PASSWORD })).status;
  const lastTokenTo = async (email: string): Promise<string> =>
    verificationTokenIn((await mailsTo(app, email)).at(-1));

  async function somebody(): Promise<{ email: string; token: string }> {
    const email = newAddress();
    await app.register(email);
    return { email, token: (await app.login(email)).accessToken };
  }

  it('takes hold when the new one is verified, and the old one is told', async () => {
    const { email, token } = await somebody();
    const newEmail = newAddress();

    const asked = await change(token, newEmail.toUpperCase());
    const meanwhile = await app.get('/v1/users/me', { token });
    const verified = await verify(await lastTokenTo(newEmail));
    const afterwards = await app.get('/v1/users/me', { token });

    expect([asked.status, asked.text, verified.status]).toEqual([202, '', 204]);
    expect(meanwhile.body.email).toBe(email);
    expect(afterwards.body).toMatchObject({ email: newEmail, emailVerified: true });
    expect([await signIn(email), await signIn(newEmail)]).toEqual([401, 200]);
    expect((await mailsTo(app, email)).map(({ subject }) => subject)).toEqual(['Your address was changed']);
  });

  it('asks for a sign-in of the last 5 minutes', async () => {
    const { token } = await somebody();
    app.clock.advance({ minutes: 5, seconds: 2 });

    const answer = await change(token, newAddress());

    expect([answer.status, answer.body.code]).toEqual([401, 'insufficient-user-authentication']);
  });

  it('to one that has an account changes nothing, is answered in the same way, and tells its owner', async () => {
    const [mine, theirs] = [await somebody(), await somebody()];

    const answer = await change(mine.token, theirs.email);
    const mails = await mailsTo(app, theirs.email);

    expect([answer.status, answer.text]).toEqual([202, '']);
    expect(mails.map(({ subject }) => subject)).toEqual(['You have an account already']);
    expect(mails[0]?.text).not.toContain('token=');
  });

  it('gives an address to one account, where two come at once', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const newEmail = newAddress();
    await change(one.token, newEmail);
    const first = await lastTokenTo(newEmail);
    await change(other.token, newEmail);
    const mails = await mailsTo(app, newEmail);
    const second = verificationTokenIn(mails.at(-1));

    const answers = await Promise.all([verify(first), verify(second)]);
    const loser = answers.findIndex(({ status }) => status === 409);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(await signIn([one, other][loser]?.email ?? '')).toBe(200);
  });

  it('forgets what the old address was sent: its reset token is dead', async () => {
    const { email, token } = await somebody();
    const newEmail = newAddress();
    const resetToken = await askForToken(app, email);
    await change(token, newEmail);
    await verify(await lastTokenTo(newEmail));

    const answer = await app.post('/v1/auth/password/reset', { token: resetToken, newPassword: PASSWORD });

    expect(answer.status).toBe(401);
  });

  it('is called off by a change of the password', async () => {
    const { token } = await somebody();
    const newEmail = newAddress();
    await change(token, newEmail);
    const verification = await lastTokenTo(newEmail);
    await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: 'a tall ship and a star' },
      { token },
    );

    expect((await verify(verification)).status).toBe(401);
  });

  it('is called off by the end of the session that asked for it', async () => {
    const { email, token } = await somebody();
    const owner = await app.login(email);
    const newEmail = newAddress();
    await change(token, newEmail);
    const verification = await lastTokenTo(newEmail);
    await app.delete('/v1/auth/sessions?keepCurrent=true', { token: owner.accessToken });

    expect((await verify(verification)).status).toBe(401);
    expect(await signIn(email)).toBe(200);
  });

  it('of an account that was disabled meanwhile is refused', async () => {
    const { email, token } = await somebody();
    const newEmail = newAddress();
    await change(token, newEmail);
    const verification = await lastTokenTo(newEmail);
    await app.database.query(`UPDATE users SET status = 'disabled' WHERE email = $1`, [email]);

    expect((await verify(verification)).status).toBe(401);
  });

  it('is sent to one new address 5 times in 15 minutes, whoever asks', async () => {
    const { token } = await somebody();
    const newEmail = newAddress();

    const answers: Answer[] = [];
    for (let tries = 0; tries < 6; tries++) {
      answers.push(await change(token, newEmail));
    }

    const mails = await mailsTo(app, newEmail);
    const verified = await Promise.all(mails.map((mail) => verify(verificationTokenIn(mail))));

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429]);
    expect(mails).toHaveLength(5);
    expect(verified.map(({ status }) => status).toSorted()).toEqual([204, 401, 401, 401, 401]);
  });

  it.each([
    ['its own', async (email: string) => email.toUpperCase()],
    ['none', async () => undefined],
    ['no address at all', async () => 'nobody'],
    ['a list', async () => ['a@example.com']],
  ])('to %s is refused, and the field is named', async (_, newEmailOf) => {
    const { email, token } = await somebody();

    const answer = await change(token, await newEmailOf(email));

    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('/newEmail');
  });
});
