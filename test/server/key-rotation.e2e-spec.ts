import { decodeProtectedHeader } from 'jose';
import type { Answer, Client } from '../support/client.js';
import { runCommand } from '../support/command.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(90_000);

const ROTATIONS = 5;
const WORKERS = 6;
const LEAD = { KEY_PUBLICATION_LEAD: '2s' };

/** The longest that a change of keys may take to reach a process: it looks three times within the lead of 2 s. */
const POLL_MS = 2000;

describe('signing keys of two processes', () => {
  let database: TestDatabase;
  let one: AppProcess;
  let two: AppProcess;
  let clients: [Client, Client];
  let admin: string;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await killProcesses();
    await database.drop();
  });

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const settings = { ...database.environment, ...LEAD, ...environment };
    [one, two] = [new AppProcess(settings), new AppProcess(settings)];
    clients = await Promise.all([one.listening(), two.listening()]);
    await register(clients[0], 'admin@example.com');
    await sql(`UPDATE users SET roles = '{customer,admin}'`);
    admin = await signInOn(clients[0]);
  }

  async function sql(statement: string): Promise<unknown[]> {
    return runSql(database.environment['DATABASE_URL'] ?? '', statement);
  }

  const signInOn = async (client: Client): Promise<string> =>
    (await login(client, 'admin@example.com')).body.accessToken;

  const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';

  async function signerOn(client: Client): Promise<string> {
    const { body } = await client.get('/v1/keys', { token: admin });
    return body.items.find(({ state }: { state: string }) => state === 'current').kid;
  }

  const auditLines = (event: string): string[] =>
    [one, two].flatMap(({ output }) =>
      output.split('\n').filter((line) => line.includes(`"audit":"${event}"`)),
    );

  it('rotate five times under load, and not one request fails', async () => {
    await start();
    const failures: string[] = [];
    const kids = new Set<string>();
    let requests = 0;
    const load = new AbortController();
    const [first, second] = clients;

    const check = (what: string, { status, text }: Answer): void => {
      requests++;
      if (status !== 200) {
        failures.push(`${what}: ${status} ${text}`);
      }
    };
    // Each token is used at once where it was not signed.
    const visit = async (email: string, here: Client, there: Client): Promise<void> => {
      const signedIn = await login(here, email);
      check('sign in', signedIn);
      const { accessToken, refreshToken } = signedIn.body;
      check('use elsewhere', await there.get('/v1/users/me', { token: accessToken }));
      const renewed = await there.post('/v1/auth/refresh', { refreshToken });
      check('refresh elsewhere', renewed);
      kids.add(kidOf(accessToken)).add(kidOf(renewed.body.accessToken));
      for (const client of [here, there]) {
        check('use the first', await client.get('/v1/users/me', { token: accessToken }));
        check('use the renewed', await client.get('/v1/users/me', { token: renewed.body.accessToken }));
      }
    };
    const work = async (worker: number): Promise<void> => {
      const email = `worker-${worker}@example.com`;
      await register(first, email);
      while (!load.signal.aborted) {
        await (worker % 2 === 0 ? visit(email, first, second) : visit(email, second, first));
      }
    };
    const workers = Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
    try {
      await until(() => kids.has(kidOf(admin)), 20_000);
      for (let rotation = 0; rotation < ROTATIONS; rotation++) {
        const asked = clients[rotation % 2] ?? first;
        const { status, body } = await asked.post('/v1/keys/rotate', undefined, { token: admin });
        expect(status).toBe(201);
        for (const client of clients) {
          await until(async () => (await signerOn(client)) === body.kid, 10_000);
        }
        const before = requests;
        await until(() => kids.has(body.kid) && requests > before + 20, 10_000);
      }
    } finally {
      load.abort();
    }
    await workers;

    expect(failures).toEqual([]);
    expect(kids.size).toBe(ROTATIONS + 1);
    expect(requests).toBeGreaterThan(200);
    // Tokens of the very first key, too.
    expect((await second.get('/v1/users/me', { token: admin })).status).toBe(200);
  });

  it('are rotated by schedule by one of the two, once each time', async () => {
    await start({ KEY_ROTATION_INTERVAL: '1s' });

    await until(async () => (await sql('SELECT kid FROM signing_keys')).length === 4, 30_000);
    await until(() => auditLines('key-rotated').length >= 3, POLL_MS);

    const keys = await sql('SELECT kid FROM signing_keys');
    const rows = await sql('SELECT kid FROM signing_keys WHERE verifies_until IS NULL');
    expect(auditLines('key-rotated')).toHaveLength(keys.length - 1);
    expect(rows).toHaveLength(1);
  });

  it('are known to a process that was stopped while others rotated, before it signs again', async () => {
    await start();
    process.kill(two.id, 'SIGSTOP');

    const { body: next } = await clients[0].post('/v1/keys/rotate', undefined, { token: admin });
    await until(async () => (await signerOn(clients[0])) === next.kid, 10_000);
    process.kill(two.id, 'SIGCONT');
    const token = await signInOn(clients[1]);

    expect(kidOf(token)).toBe(next.kid);
    expect((await clients[0].get('/v1/users/me', { token })).status).toBe(200);
  });

  it('are rotated and retired by command, on the database that both run on', async () => {
    await start();
    const rotated = await runCommand('keys-rotate', { ...database.environment, ...LEAD });
    const [, next = ''] = /^The next key (\S+) \(ES256\) is published/.exec(rotated.output) ?? [];
    await until(async () => (await signerOn(clients[1])) === next, 10_000);
    const token = await signInOn(clients[1]);
    const before = await clients[0].get('/v1/users/me', { token });

    const retired = await runCommand(
      'keys-retire',
      { ...database.environment, ...LEAD },
      { words: [kidOf(token)] },
    );
    for (const client of clients) {
      await until(async () => (await client.get('/v1/users/me', { token })).status === 401, POLL_MS);
    }
    const after = await signInOn(clients[0]);

    expect(rotated).toMatchObject({ code: 0, errors: expect.stringContaining('"audit":"key-rotated"') });
    expect(before.status).toBe(200);
    expect(retired).toMatchObject({ code: 0, errors: expect.stringContaining('"audit":"key-retired"') });
    expect(kidOf(after)).not.toBe(kidOf(token));
    expect((await clients[1].get('/v1/users/me', { token: after })).status).toBe(200);
  });
});
