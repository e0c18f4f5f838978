import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { type TestApp, startTestApp } from '../support/app.js';
import { inBatches } from './support/in-batches.js';
import { errorsIn } from './support/log-lines.js';
import { mutatedTokens } from './support/mutations.js';

const COUNT = 5000;
const SEED = 20_261_124;

describe('5,000 broken copies of a good access token', () => {
  let app: TestApp;
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    agent.destroy();
    await app.close();
  });

  async function statusOf(token: string): Promise<number | undefined> {
    const sent = request(`${app.url}/v1/users/me`, {
      agent,
      headers: { authorization: `Bearer ${token}` },
    }).end();
    const [response] = await once(sent, 'response');
    await text(response);
    return response.statusCode;
  }

  it('RFC 8725 3.3: are all refused, and none of them is a surprise', async () => {
    const token = await app.signIn('customer');
    const other = await app.signIn('admin');
    const before = await statusOf(token);

    const statuses = await inBatches(mutatedTokens(token, other, COUNT, SEED), statusOf);
    const after = await statusOf(token);

    expect([before, after]).toEqual([200, 200]);
    expect(statuses).toHaveLength(5000);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(errorsIn(app.log)).toEqual([]);
  });
});
