import fc from 'fast-check';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { onServer } from '../support/test-database.js';
import { Forge } from './support/crafted-token.js';
import { errorsIn } from './support/log-lines.js';
import { brokenCopiesOf } from './support/mutations.js';
import { getAll } from './support/pipeline.js';
import { wrongClaim } from './support/wrong-claims.js';

jest.setTimeout(180_000);

const SEED = 20_261_125;
/** Fewer on the embedded database, where the whole suite is to be quick; on a server, as in CI, all of them. */
const COUNT = onServer ? 100_000 : 20_000;
const CHANGED = COUNT * 0.9;
const FORGED = COUNT - CHANGED;
const BATCH = 250;
/** Not a measurement: an answer that takes this long has been made to work by the token. */
const SLOW_MS = 2000;

describe(`${COUNT} bad copies of a good access token`, () => {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startTestApp({ LOG_LEVEL: 'warn' });
    token = await app.signIn('customer');
    // From now on the guard remembers it: a copy must not be taken for it either.
    await app.get('/v1/users/me', { token });
  });
  afterAll(() => app.close());

  /** Those of so many tokens that were not answered with 401, or only after a long while. */
  async function surprisesAmong(tokens: fc.Arbitrary<string>, count: number): Promise<string[]> {
    const surprises: string[] = [];
    for (let batch = 0; batch < count / BATCH; batch++) {
      const sample = fc.sample(tokens, { numRuns: BATCH, seed: SEED + batch });
      const shares = Array.from({ length: 10 }, (_, share) => sample.filter((__, at) => at % 10 === share));
      surprises.push(...(await Promise.all(shares.map(surprisesOf))).flat());
    }
    return surprises;
  }

  async function surprisesOf(tokens: readonly string[]): Promise<string[]> {
    const { statuses, ms } = await getAll(
      app.url,
      '/v1/users/me',
      tokens.map((one) => `Bearer ${one}`),
    );
    return tokens
      .map((one, at) => `${statuses[at]} after ${ms > SLOW_MS ? ms : 'a moment'}: ${one}`)
      .filter((outcome) => !outcome.startsWith('401 after a moment'));
  }

  it(`RFC 8725 3.3: refuses ${CHANGED} that were changed after they were signed`, async () => {
    const other = await app.signIn('admin');

    const surprises = await surprisesAmong(brokenCopiesOf(token, other), CHANGED);

    expect(surprises).toEqual([]);
    expect(errorsIn(app.log)).toEqual([]);
  });

  it(`RFC 8725 3.10: refuses ${FORGED} that our own key has signed, with one claim that cannot be`, async () => {
    const forge = new Forge(token, app.nest.get(KeyRing).signingKey());

    const surprises = await surprisesAmong(
      wrongClaim.map((payload) => forge.token({ payload })),
      FORGED,
    );

    expect(surprises).toEqual([]);
    expect(errorsIn(app.log)).toEqual([]);
  });

  it('RFC 7515 5.2: still accepts the good one', async () => {
    expect(await getAll(app.url, '/v1/users/me', [`Bearer ${token}`])).toMatchObject({ statuses: [200] });
  });
});
