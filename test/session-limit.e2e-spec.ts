import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import { linesOf } from './security/support/log-lines.js';
import { totp } from './support/totp.js';

type Tokens = Awaited<ReturnType<TestApp['login']>>;

describe('as many sessions as an account may have', () => {
  let app: TestApp;
  let accounts = 0;
  beforeAll(async () => {
    app = await startTestApp({ SESSIONS_PER_ACCOUNT: '3' });
  });
  afterAll(() => app.close());

  async function newAccount(): Promise<string> {
    const email = `somebody-${accounts++}@example.com`;
    await app.register(email);
    return email;
  }

  /** Signs in so often, a second apart. */
  async function signIns(email: string, times: number): Promise<Tokens[]> {
    const tokens: Tokens[] = [];
    for (let index = 0; index < times; index++) {
      tokens.push(await app.login(email));
      app.clock.advance({ seconds: 1 });
    }
    return tokens;
  }

  const statusesOf = (sessions: readonly Tokens[]): Promise<number[]> =>
    Promise.all(
      sessions.map(async ({ accessToken: token }) => (await app.get('/v1/users/me', { token })).status),
    );

  async function livingIds({ accessToken: token }: Tokens): Promise<string[]> {
    const { body } = await app.get('/v1/auth/sessions', { token });
    return body.items.map(({ id }: { id: string }) => id);
  }

  it('one more ends the oldest, both its tokens', async () => {
    const email = await newAccount();
    const first = await signIns(email, 3);
    const before = await statusesOf(first);

    const fourth = await app.login(email);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: first[0]?.refreshToken });

    expect(before).toEqual([200, 200, 200]);
    expect(await statusesOf([...first, fourth])).toEqual([401, 200, 200, 200]);
    expect(refreshed.status).toBe(401);
    expect(await livingIds(fourth)).toEqual([fourth, first[2], first[1]].map((tokens) => tokens?.sessionId));
  });

  it('the one that ends is the one unused for longest, not the one opened first', async () => {
    const email = await newAccount();
    const [one, two, three] = await signIns(email, 3);
    await app.post('/v1/auth/refresh', { refreshToken: one?.refreshToken });

    const four = await app.login(email);

    expect(await livingIds(four)).toEqual(
      expect.arrayContaining([one?.sessionId, three?.sessionId, four.sessionId]),
    );
    expect(await livingIds(four)).not.toContain(two?.sessionId);
  });

  it('sessions that have ended, or were not used for too long, take up no room', async () => {
    const email = await newAccount();
    const [gone] = await signIns(email, 1);
    await app.post('/v1/auth/logout', undefined, { token: gone?.accessToken });
    await signIns(email, 1);
    app.clock.advance({ days: 15 });

    const sessions = await signIns(email, 3);

    expect(await statusesOf(sessions)).toEqual([200, 200, 200]);
  });

  it('a sign-in that stops at its second factor takes no room, and ends no session', async () => {
    const email = await newAccount();
    const first = await app.login(email);
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token: first.accessToken })).body;
    const codeAfter = (seconds: number): string => {
      app.clock.advance({ seconds });
      return totp(secret, app.clock.seconds());
    };
    const signIn = (code: string) =>
      app.post('/v1/auth/login', { email, password: PASSWORD, code, delivery: 'body' });
    await app.post('/v1/auth/mfa/totp/confirm', { code: codeAfter(0) }, { token: first.accessToken });
    const others = [await signIn(codeAfter(30)), await signIn(codeAfter(30))].map(({ body }) => body);
    const sessions = () =>
      app.database.query(
        `SELECT s.id, s.ended_at FROM sessions s JOIN users u ON u.id = s.user_id WHERE email = $1 ORDER BY 1`,
        [email],
      );
    const before = await sessions();

    const refused = await signIn('000000');
    const after = await sessions();
    const statuses = await statusesOf([first, ...others]);
    const fourth = await signIn(codeAfter(30));

    expect(refused.status).toBe(401);
    expect(after).toEqual(before);
    expect(statuses).toEqual([200, 200, 200]);
    expect(fourth.status).toBe(200);
    expect(await statusesOf([first, ...others, fourth.body])).toEqual([401, 200, 200, 200]);
  });

  it('accounts do not take room from each other', async () => {
    const [mine, other] = [await newAccount(), await newAccount()];
    const sessions = await signIns(mine, 3);

    await signIns(other, 4);

    expect(await statusesOf(sessions)).toEqual([200, 200, 200]);
  });

  it('the audit log says which session made room for whose sign-in', async () => {
    const email = await newAccount();
    const [oldest] = await signIns(email, 3);

    await app.login(email);

    const lines = linesOf(app.log).filter(({ sessionId }) => sessionId === oldest?.sessionId);
    expect(lines.map(({ audit, level, ip }) => [audit, level, ip])).toEqual([
      ['signed-in', 30, '127.0.0.1'],
      ['session-displaced', 30, '127.0.0.1'],
    ]);
  });

  it('20 sign-ins at once leave as many as may be, and the tokens of just those good', async () => {
    const email = await newAccount();

    const sessions = await Promise.all(Array.from({ length: 20 }, () => app.login(email)));
    const statuses = await statusesOf(sessions);
    const [rows]: [{ living: number }] = await app.database.query(
      `SELECT count(*)::int AS living FROM sessions JOIN users ON users.id = user_id
       WHERE email = $1 AND ended_at IS NULL`,
      [email],
    );

    expect(rows).toEqual({ living: 3 });
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 401)).toHaveLength(17);
  });

  it('a sign-in that comes while sessions refresh ends none that it should not, and waits for nobody for ever', async () => {
    const email = await newAccount();
    const sessions = await signIns(email, 3);

    const [signedIn, ...refreshed] = await Promise.all([
      app.login(email),
      ...sessions.map(({ refreshToken }) => app.post('/v1/auth/refresh', { refreshToken })),
    ]);

    expect(await livingIds(signedIn)).toHaveLength(3);
    expect(refreshed.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(refreshed.every(({ status }) => status === 200 || status === 401)).toBe(true);
  });
});
