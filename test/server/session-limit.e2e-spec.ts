import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import pg from 'pg';
import type { Answer, Client } from '../support/client.js';
import { mailsArrive } from '../support/mailbox.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

// Hashing stands back behind all else: on a busy machine 16 sign-ins take a while.
const PATIENCE_MS = 90_000;

const EMAIL = 'ada@example.com';
const MOST = 3;

describe('as many sessions as an account may have, with two processes', () => {
  let database: TestDatabase;
  let holder: pg.Client;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = { ...database.environment, SESSIONS_PER_ACCOUNT: String(MOST) };
    const processes = [new AppProcess(environment), new AppProcess(environment)] as const;
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await registerAndWait(EMAIL);
    holder = new pg.Client({ connectionString: database.environment['DATABASE_URL'] });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await killProcesses();
    await database.drop();
  });

  afterEach(() => holder.query('ROLLBACK'));

  /** Its mail would wait at the door, too. */
  async function registerAndWait(email: string): Promise<Answer> {
    const answer = await register(one, email);
    await mailsArrive(database, email);
    return answer;
  }

  // Not on the holder's connection: within a transaction pg_stat_activity stays as it was seen first.
  const sql = (statement: string): Promise<unknown[]> =>
    runSql(database.environment['DATABASE_URL'] ?? '', statement);

  const waiting = async (): Promise<number> =>
    (
      await sql(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
    ).length;

  /** Waits until all of them wait for the account, none having been answered before. */
  const atTheDoor = async (signIns: Promise<Answer>[]): Promise<void> => {
    const answered: unknown[] = [];
    for (const signIn of signIns) {
      signIn.then(
        ({ status }) => answered.push(status),
        (error: unknown) => answered.push(error),
      );
    }
    await until(async () => (await waiting()) + answered.length === signIns.length, PATIENCE_MS);
    expect(answered).toEqual([]);
  };

  const isGood = async ({ body }: Answer): Promise<boolean> => {
    const { accessToken: token } = body;
    const answers = await Promise.all([one, two].map((client) => client.get('/v1/users/me', { token })));
    return answers.every(({ status }) => status === 200);
  };

  it('is never more, though 16 sign-ins reach the database in the same moment', async () => {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM users WHERE email = $1 FOR UPDATE', [EMAIL]);
    const signIns = Array.from({ length: 16 }, (_, index) => login(index % 2 === 0 ? one : two, EMAIL));
    await atTheDoor(signIns);

    await holder.query('COMMIT');
    const answers = await Promise.all(signIns);
    const living = await sql('SELECT id FROM sessions WHERE ended_at IS NULL');
    await until(async () => {
      const good = await Promise.all(answers.map(isGood));
      return good.filter(Boolean).length === MOST;
    }, 5000);

    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200));
    expect(living).toHaveLength(MOST);
  });

  it.each([
    ['its password is changed', `UPDATE password_credentials SET changed_at = now() WHERE user_id = $1`],
    ['it is disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['it is deleted', 'DELETE FROM users WHERE id = $1'],
  ])('is none for who waits at the door of the account while %s', async (_what, change) => {
    const email = `${randomUUID()}@example.com`;
    const { id } = (await registerAndWait(email)).body;
    await holder.query('BEGIN');
    await holder.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [id]);
    const signIn = login(two, email);
    await atTheDoor([signIn]);

    await holder.query(change, [id]);
    await holder.query('COMMIT');

    expect((await signIn).status).toBe(401);
    expect(await sql(`SELECT FROM sessions WHERE user_id = '${id}'`)).toEqual([]);
  });

  it('is opened with the roles that are left to who waits at the door of the account', async () => {
    const email = `${randomUUID()}@example.com`;
    const { id } = (await registerAndWait(email)).body;
    await sql(`UPDATE users SET roles = '{customer,admin}' WHERE id = '${id}'`);
    await holder.query('BEGIN');
    await holder.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [id]);
    const signIn = login(two, email);
    await atTheDoor([signIn]);

    await holder.query(`UPDATE users SET roles = '{customer}', version = version + 1 WHERE id = $1`, [id]);
    await holder.query('COMMIT');

    const { status, body } = await signIn;
    expect(status).toBe(200);
    expect(decodeJwt(body.accessToken)).toMatchObject({ roles: ['customer'] });
  });
});
