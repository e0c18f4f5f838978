import type { Client } from '../support/client.js';
import { DpopKey } from '../support/dpop-key.js';
import { AppProcess, PASSWORD, killProcesses, register } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

const { DATABASE_URL = '' } = process.env;
const HOST = 'api.shop.example';
const URI = `http://${HOST}/v1/users/me`;

describe('a proof that two processes behind one name are shown', () => {
  let database: TestDatabase;
  let name: string;
  let one: Client;
  let two: Client;
  let key: DpopKey;
  let token: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    name = new URL(database.environment['DATABASE_URL'] ?? '').pathname.slice(1);
    const environment = { ...database.environment, TRUSTED_PROXIES: '127.0.0.1' };
    const processes = [new AppProcess(environment), new AppProcess(environment)] as const;
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    key = await DpopKey.make();
    await register(one, 'ada@example.com');
    const { body } = await key.send(one, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD },
    });
    token = body.accessToken;
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const present = async (client: Client, dpop: string): Promise<number> => {
    const headers = { authorization: `DPoP ${token}`, dpop, 'x-forwarded-host': HOST };
    return (await client.get('/v1/users/me', { headers })).status;
  };

  it('is taken by one of them, whichever comes first', async () => {
    const proof = await key.proof('GET', URI, token);

    const statuses = [await present(one, proof), await present(two, proof), await present(one, proof)];

    expect(statuses).toEqual([200, 401, 401]);
  });

  it('is taken once where both are asked many times at once', async () => {
    const proofs = await Promise.all(Array.from({ length: 10 }, () => key.proof('GET', URI, token)));

    const statuses = await Promise.all(
      proofs.map((proof) =>
        Promise.all(Array.from({ length: 10 }, (_, index) => present(index % 2 === 0 ? one : two, proof))),
      ),
    );

    const admitted = statuses.map((ofProof) => ofProof.filter((status) => status === 200).length);
    expect(admitted).toEqual(proofs.map(() => 1));
    expect(new Set(statuses.flat())).toEqual(new Set([200, 401]));
  });

  it('is taken by nobody while the database is away', async () => {
    await runSql(DATABASE_URL, `ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS false`);
    await runSql(
      DATABASE_URL,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    const proof = await key.proof('GET', URI, token);

    const away = await present(one, proof);
    await runSql(DATABASE_URL, `ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS true`);
    const back = await present(one, proof);

    expect([away, back]).toEqual([503, 200]);
  });
});
