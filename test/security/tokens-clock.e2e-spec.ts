import { type TestApp, startTestApp } from '../support/app.js';
import { eventually } from './support/eventually.js';

describe('an access token that has been taken back, when the wall clock of a process is set', () => {
  let app: TestApp;
  let signedOut: string;
  let kept: string;
  beforeEach(async () => {
    app = await startTestApp();
    await app.register('anybody@example.com');
    signedOut = (await app.login('anybody@example.com')).accessToken;
    kept = (await app.login('anybody@example.com')).accessToken;
    await app.post('/v1/auth/logout', undefined, { token: signedOut });
  });
  afterEach(() => app.close());

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;
  const isReady = async (): Promise<boolean> => (await app.get('/health/ready')).status === 200;

  it('ASVS 7.4.1: stays refused when the clock was ahead for a while, and what it forgot is read again', async () => {
    const before = await statusOf(signedOut);

    app.clock.step({ minutes: 20 });
    const whileAhead = await statusOf((await app.login('anybody@example.com')).accessToken);
    app.clock.step({ minutes: -20 });
    const atOnce = [await statusOf(signedOut), await statusOf(kept)];
    await eventually(isReady);
    const afterwards = [await statusOf(signedOut), await statusOf(kept)];

    expect([before, whileAhead]).toEqual([401, 200]);
    expect([atOnce, afterwards]).toEqual([
      [401, 200],
      [401, 200],
    ]);
  });

  it('ASVS 7.4.1: stays refused when the clock was ahead from the start', async () => {
    app.clock.step({ minutes: 20 });
    const { accessToken } = await app.login('anybody@example.com');
    await app.post('/v1/auth/logout', undefined, { token: accessToken });
    // Long enough that it is forgotten.
    app.clock.advance({ minutes: 25 });
    const { accessToken: another } = await app.login('anybody@example.com');
    const onTime = await statusOf(another);
    app.clock.step({ minutes: -20 });

    expect(onTime).toBe(200);
    expect(await statusOf(accessToken)).toBe(401);
  });
});
