import type { Answer, Client } from '../support/client.js';
import { PrivatePostgres } from '../support/private-postgres.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { runSql } from '../support/test-database.js';

jest.setTimeout(90_000);

const MAX_STALENESS_MS = 2000;
const PATIENCE_MS = 20_000;

describe('two processes whose PostgreSQL', () => {
  let postgres: PrivatePostgres;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    postgres = await PrivatePostgres.start();
    const environment = {
      ...postgres.environment,
      REVOCATION_MAX_STALENESS: `${MAX_STALENESS_MS / 1000}s`,
      LOG_LEVEL: 'error',
    };
    const processes = [new AppProcess(environment), new AppProcess(environment)] as const;
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await register(one, 'anybody@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await postgres?.drop();
  });

  const signIn = async (): Promise<{ accessToken: string; sessionId: string }> =>
    (await login(one, 'anybody@example.com')).body;
  const statusesOf = async (token: string): Promise<number[]> =>
    Promise.all([one, two].map(async (client) => (await client.get('/v1/users/me', { token })).status));
  const readiness = (): Promise<Answer[]> =>
    Promise.all([one, two].map((client) => client.get('/health/ready')));
  const areReady = async (): Promise<boolean> => (await readiness()).every(({ status }) => status === 200);
  const signOut = async (token: string): Promise<Answer> => one.post('/v1/auth/logout', undefined, { token });
  /** What somebody else's process would do, whose announcement does not arrive. */
  const revokeUnheard = async (sessionId: string): Promise<unknown[]> =>
    runSql(
      postgres.environment['DATABASE_URL'] ?? '',
      `INSERT INTO revocations (id, reach, subject, expires_at, created_at)
       VALUES (gen_random_uuid(), 'session', '${sessionId}', now() + interval '16 minutes', now())`,
    );

  it.each([
    ['is restarted', () => postgres.stop()],
    ['is killed', () => Promise.resolve(postgres.kill())],
  ])(
    '%s keep refusing what was taken back, say that they are not ready, and go on after it',
    async (_, end) => {
      const [gone, kept, goneUnheard] = [await signIn(), await signIn(), await signIn()];
      await signOut(gone.accessToken);
      await until(async () => (await statusesOf(gone.accessToken)).every((status) => status === 401), 1000);

      await end();
      await until(
        async () => (await readiness()).every(({ body }) => body.checks.revocations === 'failed'),
        MAX_STALENESS_MS + 1000,
      );
      const ready = await readiness();
      const whileAway = [await statusesOf(gone.accessToken), await statusesOf(kept.accessToken)];
      const signedOutAway = await signOut(kept.accessToken);
      const signedInAway = await login(one, 'anybody@example.com');
      await postgres.start();
      await revokeUnheard(goneUnheard.sessionId);
      await until(
        async () => (await statusesOf(goneUnheard.accessToken)).every((status) => status === 401),
        MAX_STALENESS_MS,
      );
      await until(areReady, PATIENCE_MS);
      const after = [
        await statusesOf(gone.accessToken),
        await statusesOf(kept.accessToken),
        await statusesOf(goneUnheard.accessToken),
      ];
      await signOut(kept.accessToken);
      await until(async () => (await statusesOf(kept.accessToken)).every((status) => status === 401), 1000);

      expect(ready.map(({ status }) => status)).toEqual([503, 503]);
      expect(ready.map(({ body }) => body.checks)).toEqual([
        expect.objectContaining({ database: 'failed', revocations: 'failed' }),
        expect.objectContaining({ database: 'failed', revocations: 'failed' }),
      ]);
      expect(whileAway).toEqual([
        [401, 401],
        [503, 503],
      ]);
      expect([signedOutAway.status, signedInAway.status]).toEqual([503, 503]);
      expect(signedInAway.body.detail).toBe('The database cannot be reached right now.');
      expect(after).toEqual([
        [401, 401],
        [200, 200],
        [401, 401],
      ]);
    },
  );
});
