import type { Answer, Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

jest.setTimeout(90_000);

/** The longest that a revocation may take to reach another process, in milliseconds. */
const AT_ONCE_MS = 1000;
const ROUNDS = 40;

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
}

describe('refreshing on two processes while a session ends', () => {
  let database: TestDatabase;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    const processes = [new AppProcess(database.environment), new AppProcess(database.environment)] as const;
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
  const isRefused = async (token: string): Promise<boolean> => {
    const answers = await Promise.all([one, two].map((client) => client.get('/v1/users/me', { token })));
    return answers.every(({ status }) => status === 401);
  };

  it.each([
    [
      'is signed out',
      ({ accessToken: token }: SignedIn) => one.post('/v1/auth/logout', undefined, { token }),
    ],
    [
      'ends with all others',
      ({ accessToken: token }: SignedIn) => two.delete('/v1/auth/sessions', { token }),
    ],
  ])('leaves no token that works when it %s, whoever comes first', async (_, end) => {
    const outcomes = { refreshed: 0, refused: 0 };
    const survivors: string[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      const session = await signIn();
      const answers = await Promise.all([
        refresh(one, session.refreshToken),
        refresh(two, session.refreshToken),
        end(session),
        refresh(one, session.refreshToken),
        refresh(two, session.refreshToken),
      ]);
      const refreshed = answers.filter(({ status }) => status === 200).map(({ body }) => body as SignedIn);
      outcomes.refreshed += refreshed.length;
      outcomes.refused += answers.filter(({ status }) => status === 401).length;
      await until(async () => {
        const refusals = await Promise.all(refreshed.map(({ accessToken }) => isRefused(accessToken)));
        return refusals.every(Boolean);
      }, AT_ONCE_MS);
      const late = await Promise.all(refreshed.map(({ refreshToken }) => refresh(two, refreshToken)));
      survivors.push(...late.filter(({ status }) => status !== 401).map(({ text }) => text));
    }

    expect(survivors).toEqual([]);
    // Both happened: otherwise nothing has raced.
    expect(Math.min(outcomes.refreshed, outcomes.refused)).toBeGreaterThan(0);
  });
});
