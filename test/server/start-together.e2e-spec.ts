import { randomBytes } from 'node:crypto';
import { migrations } from '../../src/database/migrations.js';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register } from '../support/process.js';
import { runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

const { DATABASE_URL = '' } = process.env;

describe('three processes that start at the same moment on an empty database', () => {
  const name = `latchkey_${randomBytes(6).toString('hex')}`;
  const url = new URL(DATABASE_URL);
  url.pathname = `/${name}`;
  let processes: AppProcess[];
  let clients: [Client, Client, Client];
  beforeAll(async () => {
    await runSql(DATABASE_URL, `CREATE DATABASE "${name}"`);
    const environment = {
      DATABASE_URL: url.href,
      KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'warn',
    };
    const [one, two, three] = [
      new AppProcess(environment),
      new AppProcess(environment),
      new AppProcess(environment),
    ] as const;
    processes = [one, two, three];
    clients = await Promise.all([one.listening(), two.listening(), three.listening()]);
  });
  afterAll(async () => {
    await killProcesses();
    await runSql(DATABASE_URL, `DROP DATABASE "${name}" WITH (FORCE)`);
  });

  it('all come up, without a word of warning', async () => {
    const answers = await Promise.all(clients.map((client) => client.get('/health/ready')));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(processes.map(({ output }) => output)).toEqual(
      clients.map((client) =>
        expect.stringMatching(new RegExp(`^\\nLatchkey listens on ${client.url}\\n[^{]*$`)),
      ),
    );
    expect(processes.map(({ errors }) => errors)).toEqual(['', '', '']);
  });

  it('have run each migration once', async () => {
    const rows = await runSql(url.href, 'SELECT name FROM migrations ORDER BY id');

    expect(rows).toEqual(migrations.map(({ name: migration }) => ({ name: migration })));
  });

  it('have made one signing key, and take each other’s tokens', async () => {
    const jwks = await Promise.all(clients.map((client) => client.get('/.well-known/jwks.json')));
    const [first] = clients;
    await register(first, 'anybody@example.com');
    const sessions = await Promise.all(clients.map((client) => login(client, 'anybody@example.com')));

    const answers = await Promise.all(
      clients.flatMap((client) =>
        sessions.map(({ body }) => client.get('/v1/users/me', { token: body.accessToken })),
      ),
    );

    expect(jwks[0]?.body.keys).toHaveLength(1);
    expect(jwks.map(({ body }) => body)).toEqual(jwks.map(() => jwks[0]?.body));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 200));
  });
});
