import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { dumpDatabase, secretsFoundIn } from './support/database-dump.js';
import { linesOf } from './support/log-lines.js';

describe('refresh tokens and their sessions', () => {
  let app: TestApp;
  let accounts = 0;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  /** Somebody new, signed in once. */
  async function somebody(): Promise<{
    email: string;
    accessToken: string;
    refreshToken: string;
    sessionId: string;
  }> {
    const email = `somebody-${accounts++}@example.com`;
    await app.register(email);
    return { email, ...(await app.login(email)) };
  }

  const refresh = (refreshToken: string) => app.post('/v1/auth/refresh', { refreshToken });
  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;
  const tokensOf = async (sessionId: string): Promise<number> => {
    const query = 'SELECT count(*)::int AS count FROM refresh_tokens WHERE session_id = $1';
    const [row]: [{ count: number }] = await app.database.query(query, [sessionId]);
    return row.count;
  };

  it('RFC 9700 4.14: rotates the token at each use', async () => {
    const { refreshToken, sessionId } = await somebody();

    const first = await refresh(refreshToken);
    const second = await refresh(first.body.refreshToken);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(new Set([refreshToken, first.body.refreshToken, second.body.refreshToken]).size).toBe(3);
    expect(second.body.sessionId).toBe(sessionId);
  });

  it('RFC 9700 4.14: ends the session, its access tokens included, when a used token returns late', async () => {
    const { refreshToken: stolen } = await somebody();
    const owner = await refresh(stolen);

    app.clock.advance({ seconds: 11 });
    const thief = await refresh(stolen);
    const ownerAfter = await refresh(owner.body.refreshToken);
    const accessAfter = await statusOf(owner.body.accessToken);

    expect(thief.status).toBe(401);
    expect(thief.body.code).toBe('refresh-token-reused');
    expect([ownerAfter.status, accessAfter]).toEqual([401, 401]);
    expect(linesOf(app.log)).toContainEqual(
      expect.objectContaining({ audit: 'refresh-token-reused', sessionId: owner.body.sessionId }),
    );
  });

  it('RFC 9700 4.14: answers a used token with the same rotation for 10 seconds', async () => {
    const { refreshToken, sessionId } = await somebody();
    const first = await refresh(refreshToken);

    app.clock.advance({ seconds: 9 });
    const again = await refresh(refreshToken);

    expect(again.status).toBe(200);
    expect(again.body.refreshToken).toBe(first.body.refreshToken);
    expect(await tokensOf(sessionId)).toBe(2);
  });

  it('RFC 9700 4.14: lets 50 callers at once with one token in, with one rotation', async () => {
    const { refreshToken, sessionId } = await somebody();

    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)));
    const statuses = await Promise.all(answers.map(({ body }) => statusOf(body.accessToken)));
    const [next] = answers.map(({ body }) => String(body.refreshToken));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await tokensOf(sessionId)).toBe(2);
    expect((await refresh(next ?? '')).status).toBe(200);
  });

  it('ASVS 7.2.3: makes tokens of 256 bits that share nothing', async () => {
    const { email } = await somebody();

    const sessions = await Promise.all(Array.from({ length: 20 }, () => app.login(email)));
    const tokens = sessions.map(({ refreshToken }) => Buffer.from(refreshToken, 'base64url'));
    const starts = new Set(tokens.map((token) => token.subarray(0, 8).toString('hex')));
    const ends = new Set(tokens.map((token) => token.subarray(-8).toString('hex')));

    expect(new Set(tokens.map(({ length }) => length))).toEqual(new Set([32]));
    expect([starts.size, ends.size]).toEqual([20, 20]);
  });

  it('RFC 9700 4.14: a database dump holds no token, and nothing in it works as one', async () => {
    const { refreshToken: used, accessToken } = await somebody();
    const { refreshToken: unused } = (await refresh(used)).body;

    const dump = await dumpDatabase(app.database);
    const rows: { digest: Buffer; sealed_successor: Buffer | null }[] = await app.database.query(
      'SELECT digest, sealed_successor FROM refresh_tokens',
    );
    const candidates = rows.flatMap(({ digest, sealed_successor: sealed }) => [
      digest.toString('base64url'),
      digest.toString('hex'),
      (sealed ?? Buffer.alloc(0)).subarray(-32).toString('base64url'),
      (sealed ?? Buffer.alloc(0)).subarray(0, 32).toString('base64url'),
    ]);
    const answers = await Promise.all(candidates.map(refresh));

    expect(secretsFoundIn(dump, { used, unused, accessToken, PASSWORD })).toEqual([]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  });

  it.each([
    ['unknown', 'A'.repeat(43)],
    ['too short', 'A'.repeat(42)],
    ['too long', 'A'.repeat(44)],
    ['not base64url', `${'A'.repeat(42)}=`],
    ['SQL', "' OR 1=1 --"],
    ['empty', ''],
    ['ended by a line end', `${'A'.repeat(43)}\n`],
  ])('RFC 6749 5.2: refuses a token that is %s', async (_, refreshToken) => {
    const answer = await refresh(refreshToken);

    expect(answer.status).toBe(401);
  });

  it('ASVS 7.3.1: ends a session after 14 days without use, and not before', async () => {
    const { refreshToken: idle } = await somebody();
    const { refreshToken: used } = await somebody();

    app.clock.advance({ days: 13, hours: 23, minutes: 59 });
    const inTime = await refresh(used);
    app.clock.advance({ minutes: 2 });
    const tooLate = await refresh(idle);
    const goesOn = await refresh(inTime.body.refreshToken);

    expect([inTime.status, tooLate.status, goesOn.status]).toEqual([200, 401, 200]);
  });

  it('ASVS 7.3.2: ends a session 90 days after sign-in, however often it is used', async () => {
    const { refreshToken, sessionId } = await somebody();
    let newest = refreshToken;

    for (let day = 0; day < 89; day += 1) {
      app.clock.advance({ days: 1 });
      newest = (await refresh(newest)).body.refreshToken;
    }
    app.clock.advance({ hours: 23 });
    const inTime = await refresh(newest);
    const current = await app.get('/v1/auth/sessions', { token: inTime.body.accessToken });
    app.clock.advance({ hours: 1, seconds: 1 });
    const tooLate = await refresh(inTime.body.refreshToken);

    expect([inTime.status, tooLate.status]).toEqual([200, 401]);
    expect(current.body.items.map(({ id }: { id: string }) => id)).toEqual([sessionId]);
  });

  it('ASVS 7.2.4: opens a new session at each sign-in, whatever is sent along', async () => {
    const { email, sessionId, refreshToken } = await somebody();

    const again = await app.post(
      '/v1/auth/login',
      { email, password: PASSWORD, delivery: 'body' },
      { headers: { cookie: `latchkey-refresh=${refreshToken}` } },
    );

    expect(again.status).toBe(200);
    expect(again.body.sessionId).not.toBe(sessionId);
    expect(again.body.refreshToken).not.toBe(refreshToken);
  });

  it('ASVS 7.4.2: refuses the refresh tokens of a disabled account and of one signed out everywhere', async () => {
    await app.signIn('admin');
    const admin = (await app.login('admin@example.com')).accessToken;
    const disabled = await somebody();
    const signedOut = await somebody();
    const idOf = async (token: string) => (await app.get('/v1/users/me', { token })).body.id;
    await app.patch(
      `/v1/users/${await idOf(disabled.accessToken)}`,
      { status: 'disabled' },
      { token: admin },
    );
    await app.delete('/v1/auth/sessions', { token: signedOut.accessToken });

    const answers = [await refresh(disabled.refreshToken), await refresh(signedOut.refreshToken)];

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });
});
