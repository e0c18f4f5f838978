import { connect } from 'node:net';
import type { Answer, Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

/** The longest that a revocation may take to reach another process, in milliseconds. */
const AT_ONCE_MS = 1000;

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

describe('refreshing on two processes', () => {
  let database: TestDatabase;
  let processes: readonly [AppProcess, AppProcess];
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    processes = [new AppProcess(database.environment), new AppProcess(database.environment)];
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await register(one, 'anybody@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const signIn = async (): Promise<SignedIn> => (await login(one, 'anybody@example.com')).body;
  const refresh = (client: Client, refreshToken: string): Promise<Answer> =>
    client.post('/v1/auth/refresh', { refreshToken });
  const statusesOf = async (token: string): Promise<number[]> =>
    Promise.all([one, two].map(async (client) => (await client.get('/v1/users/me', { token })).status));
  const sql = (statement: string): Promise<unknown[]> =>
    runSql(database.environment['DATABASE_URL'] ?? '', statement);
  /** Instead of waiting: what was used a moment ago was used so many seconds earlier. */
  const letPass = (sessionId: string, seconds: number): Promise<unknown[]> =>
    sql(
      `UPDATE refresh_tokens SET used_at = used_at - interval '${seconds} seconds' WHERE session_id = '${sessionId}'`,
    );
  const tokensOf = async (sessionId: string): Promise<unknown> =>
    (
      await sql(
        `SELECT count(*)::integer AS tokens, count(used_at)::integer AS used
         FROM refresh_tokens WHERE session_id = '${sessionId}'`,
      )
    )[0];

  /** Sends a refresh and goes away as soon as it has been done, without having read a byte of the answer. */
  async function refreshUnanswered({ url }: Client, { refreshToken, sessionId }: SignedIn): Promise<void> {
    const { hostname, port } = new URL(url);
    const body = JSON.stringify({ refreshToken });
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(
      `POST /v1/auth/refresh HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(async () => JSON.stringify(await tokensOf(sessionId)).includes('"used":1'), 2000);
    socket.destroy();
  }

  it('end a session and its access tokens within a second on both when a used token returns late', async () => {
    const stolen = await signIn();
    const { body: owner } = await refresh(two, stolen.refreshToken);
    const before = [await statusesOf(stolen.accessToken), await statusesOf(owner.accessToken)];
    await letPass(stolen.sessionId, 11);

    const thief = await refresh(one, stolen.refreshToken);
    await until(async () => {
      const statuses = [await statusesOf(stolen.accessToken), await statusesOf(owner.accessToken)];
      return statuses.flat().every((status) => status === 401);
    }, AT_ONCE_MS);
    const late = await Promise.all([refresh(one, owner.refreshToken), refresh(two, owner.refreshToken)]);

    expect(before).toEqual([
      [200, 200],
      [200, 200],
    ]);
    expect(thief).toMatchObject({ status: 401, body: { code: 'refresh-token-reused' } });
    expect(late.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('tell the owner by the audit log, once, with session, address and request', async () => {
    const stolen = await signIn();
    await refresh(two, stolen.refreshToken);
    await letPass(stolen.sessionId, 11);

    const thief = await refresh(two, stolen.refreshToken);
    await refresh(one, stolen.refreshToken);

    const lines = processes
      .flatMap(({ output }) => output.split('\n'))
      .filter((line) => line.includes('refresh-token-reused') && line.includes(stolen.sessionId))
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({
        audit: 'refresh-token-reused',
        sessionId: stolen.sessionId,
        ip: '127.0.0.1',
        requestId: thief.headers.get('x-request-id'),
      }),
    ]);
  });

  it.each([
    ['the same process', () => one],
    ['the other', () => two],
  ])('give a client that never saw the answer the same rotation again, on %s', async (_, there) => {
    const session = await signIn();
    await refreshUnanswered(one, session);
    await letPass(session.sessionId, 9);

    const again = await refresh(there(), session.refreshToken);
    const next = await refresh(one, again.body.refreshToken);

    expect([again.status, next.status]).toEqual([200, 200]);
    expect(await tokensOf(session.sessionId)).toEqual({ tokens: 3, used: 2 });
    expect(await statusesOf(next.body.accessToken)).toEqual([200, 200]);
  });

  it('give a client that never saw the answer the newest token when another tab has gone on', async () => {
    const session = await signIn();
    await refreshUnanswered(one, session);
    const { body: otherTab } = await refresh(two, session.refreshToken);
    const { body: further } = await refresh(one, otherTab.refreshToken);
    const { body: furthest } = await refresh(two, further.refreshToken);

    const again = await refresh(one, session.refreshToken);
    const next = await refresh(two, again.body.refreshToken);

    expect(again.body.refreshToken).toBe(furthest.refreshToken);
    expect(next.status).toBe(200);
    expect(await statusesOf(again.body.accessToken)).toEqual([200, 200]);
  });
});
