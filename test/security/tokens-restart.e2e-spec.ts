import { type TestApp, startTestApp } from '../support/app.js';
import { type TestDatabase, createTestDatabase, onServer } from '../support/test-database.js';
import { eventually } from './support/eventually.js';

// The embedded database serves one process at a time.
const PROCESSES = onServer ? 2 : 1;

describe('an access token that has been taken back, on every process', () => {
  let database: TestDatabase;
  let processes: TestApp[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await stopAll();
    await database.drop();
  });

  async function startAll(): Promise<void> {
    processes = await Promise.all(Array.from({ length: PROCESSES }, () => startTestApp({}, database)));
  }

  async function stopAll(): Promise<void> {
    await Promise.all(processes.map((process) => process.close()));
    processes = [];
  }

  const statusesOf = async (token: string): Promise<number[]> =>
    Promise.all(processes.map(async (process) => (await process.get('/v1/users/me', { token })).status));

  it('ASVS 7.4.1: is refused by all of them, and by all of them after they have started again', async () => {
    await startAll();
    const [first] = processes;
    const token = (await first?.signIn('customer')) ?? '';
    const kept = (await first?.login('customer@example.com'))?.accessToken ?? '';
    const before = await statusesOf(token);

    await first?.post('/v1/auth/logout', undefined, { token });
    await eventually(async () => (await statusesOf(token)).every((status) => status === 401));
    await stopAll();
    await startAll();
    const afterRestart = await statusesOf(token);
    const other = await statusesOf(kept);

    expect(new Set(before)).toEqual(new Set([200]));
    expect(new Set(afterRestart)).toEqual(new Set([401]));
    expect(new Set(other)).toEqual(new Set([200]));
  });
});
