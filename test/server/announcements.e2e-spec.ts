import { randomUUID } from 'node:crypto';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

const AT_ONCE_MS = 1000;
const MAX_STALENESS_MS = 9000;
const NEVER_USED = randomUUID();

const announcementOf = (subject: string): string =>
  JSON.stringify([{ reach: 'session', subject, expiresAt: Date.now() + 60_000 }]);

describe('announcements of revocations', () => {
  let database: TestDatabase;
  let processes: AppProcess[];
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = {
      ...database.environment,
      REVOCATION_MAX_STALENESS: `${MAX_STALENESS_MS / 1000}s`,
    };
    const [first, second] = [new AppProcess(environment), new AppProcess(environment)];
    processes = [first, second];
    [one, two] = await Promise.all([first.listening(), second.listening()]);
    await register(one, 'anybody@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const signIn = async (): Promise<{ accessToken: string; sessionId: string }> =>
    (await login(one, 'anybody@example.com')).body;
  const statusesOf = async (token: string): Promise<number[]> =>
    Promise.all([one, two].map(async (client) => (await client.get('/v1/users/me', { token })).status));
  const areRefused = async (token: string): Promise<boolean> =>
    (await statusesOf(token)).every((status) => status === 401);
  const sql = (statement: string): Promise<unknown[]> =>
    runSql(database.environment['DATABASE_URL'] ?? '', statement);
  const announce = (payload: string): Promise<unknown[]> =>
    sql(`SELECT pg_notify('latchkey_revocations', '${payload}')`);
  const revokeUnannounced = (sessionId: string): Promise<unknown[]> =>
    sql(
      `INSERT INTO revocations (id, reach, subject, expires_at, created_at)
       VALUES (gen_random_uuid(), 'session', '${sessionId}', now() + interval '16 minutes', now())`,
    );

  it('are not needed: what nobody announced is found within the staleness bound', async () => {
    const { accessToken, sessionId } = await signIn();
    const before = await statusesOf(accessToken);

    await revokeUnannounced(sessionId);
    await until(() => areRefused(accessToken), MAX_STALENESS_MS);

    expect(before).toEqual([200, 200]);
  });

  it.each([
    ['no JSON', 'surely not'],
    ['nothing', ''],
    ['cut off', announcementOf(NEVER_USED).slice(0, -3)],
    ['no list', '{"__proto__": {"every": 1}}'],
    ['a list of something else', '[{"reach": "session", "subject": 7}]'],
    ['as long as can be', 'x'.repeat(7999)],
    ['nested as deeply as can be', '['.repeat(7999)],
  ])('that are %s make every process look into the table at once', async (_, payload) => {
    const { accessToken, sessionId } = await signIn();
    const { accessToken: good } = await signIn();
    await revokeUnannounced(sessionId);

    await announce(payload);
    await until(() => areRefused(accessToken), AT_ONCE_MS);

    expect(await statusesOf(good)).toEqual([200, 200]);
    expect((await two.get('/health/ready')).status).toBe(200);
  });

  it('take nothing back twice, and nothing else, when they come again and again', async () => {
    const gone = await signIn();
    const { accessToken: good } = await signIn();

    for (let times = 0; times < 100; times++) {
      await announce(announcementOf(gone.sessionId));
    }
    await until(() => areRefused(gone.accessToken), AT_ONCE_MS);

    expect(await statusesOf(good)).toEqual([200, 200]);
  });

  it('give nothing back when a weaker one comes after a stronger', async () => {
    const { body: user } = await register(one, 'versions@example.com');
    const { accessToken } = (await login(one, 'versions@example.com')).body;
    const below = (version: number, seconds: number): string =>
      JSON.stringify([{ reach: 'user', subject: user.id, version, expiresAt: Date.now() + seconds * 1000 }]);

    await announce(below(5, 900));
    await announce(below(1, 930));
    await announce(below(1, 60));
    await until(() => areRefused(accessToken), AT_ONCE_MS);
    await announce(below(1, 90));

    expect(await statusesOf(accessToken)).toEqual([401, 401]);
  });

  it('leave the processes as they are when a thousand of them are damaged', async () => {
    const { accessToken, sessionId } = await signIn();
    const { accessToken: good } = await signIn();

    await sql(
      `SELECT count(pg_notify('latchkey_revocations', 'damaged ' || n)) FROM generate_series(1, 1000) n`,
    );
    await revokeUnannounced(sessionId);
    await announce('damaged too');
    await until(() => areRefused(accessToken), AT_ONCE_MS);

    expect(await statusesOf(good)).toEqual([200, 200]);
    expect(processes.map(({ errors }) => errors)).toEqual(['', '']);
  });
});
