import { randomBytes } from 'node:crypto';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';

const TRIES = 200;

describe('what the answer to a sign-in gives away', () => {
  let app: TestApp;
  // Redis outlives a run, so each run guesses at accounts of its own.
  const name = randomBytes(8).toString('hex');
  const active = `active-${name}@example.com`;
  const disabled = `disabled-${name}@example.com`;
  const unknown = `unknown-${name}@example.com`;
  beforeAll(async () => {
    app = await startTestApp();
    await app.register(active);
    const id = await app.register(disabled);
    await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: await app.signIn('admin') });
  });
  afterAll(() => app.close());

  const signIn = (email: string, password: string) => app.post('/v1/auth/login', { email, password });

  it('ASVS 6.3.8: an unknown address, a wrong password and a disabled account get one and the same answer', async () => {
    const answers = [
      await signIn(unknown, PASSWORD),
      await signIn(active, 'not this one'),
      await signIn(disabled, 'not this one'),
      await signIn(disabled, PASSWORD),
    ];

    const [first, ...others] = answers.map(({ status, headers, body }) => ({
      status,
      body: { ...body, instance: '' },
      headers: [...headers.keys()].filter((header) => header !== 'date'),
    }));

    expect(first?.status).toBe(401);
    expect(others).toEqual([first, first, first]);
  });

  it('ASVS 6.3.8: they take the same time', async () => {
    const attempts: [string, string][] = [
      [unknown, PASSWORD],
      [active, 'not this one'],
      [disabled, PASSWORD],
    ];
    const times = attempts.map((): number[] => []);
    const statuses = new Set<number>();

    for (let tries = 0; tries < TRIES; tries++) {
      for (const [index, [email, password]] of attempts.entries()) {
        const start = performance.now();
        const { status } = await signIn(email, password);
        statuses.add(status);
        times[index]?.push(performance.now() - start);
      }
    }
    const medians = times.map(medianOf);
    const spread = Math.max(...medians) / Math.min(...medians);

    expect(statuses).toEqual(new Set([401])); // none was turned away, which takes no time at all
    expect(spread).toBeLessThan(1.15);
  });
});

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
