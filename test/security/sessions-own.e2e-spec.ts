import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';

describe('one’s own sessions', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.register('ada@example.com');
    await app.register('eve@example.com');
  });
  afterAll(() => app.close());

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;

  it('ASVS 7.5.2: are all shown to their owner, and nobody else’s', async () => {
    const laptop = await app.login('ada@example.com');
    const phone = await app.login('ada@example.com');
    await app.login('eve@example.com');

    const { status, body } = await app.get('/v1/auth/sessions', { token: laptop.accessToken });

    expect(status).toBe(200);
    expect(body.items.map(({ id, current }: { id: string; current: boolean }) => [id, current])).toEqual([
      [phone.sessionId, false],
      [laptop.sessionId, true],
    ]);
  });

  it('ASVS 7.5.2: are shown without any token or digest', async () => {
    const { accessToken: token } = await app.login('ada@example.com');

    const { body } = await app.get('/v1/auth/sessions', { token });
    const fields = new Set(body.items.flatMap((session: object) => Object.keys(session)));

    expect([...fields].toSorted()).toEqual([
      'createdAt',
      'current',
      'device',
      'expiresAt',
      'id',
      'ip',
      'lastUsedAt',
      'userAgent',
    ]);
  });

  it('ASVS 7.5.2: can be ended one by one, and both tokens of an ended one are refused', async () => {
    const laptop = await app.login('ada@example.com');
    const lost = await app.login('ada@example.com');

    const ended = await app.delete(`/v1/auth/sessions/${lost.sessionId}`, { token: laptop.accessToken });
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: lost.refreshToken });
    const statuses = [await statusOf(lost.accessToken), await statusOf(laptop.accessToken)];

    expect([ended.status, refreshed.status]).toEqual([204, 401]);
    expect(statuses).toEqual([401, 200]);
  });

  it('ASVS 7.1.2: are 50 at most: one more ends the one unused for longest, on the spot', async () => {
    await app.register('collector@example.com');
    const first = await app.login('collector@example.com');
    app.clock.advance({ seconds: 1 });
    for (let index = 1; index < 50; index++) {
      await app.login('collector@example.com');
    }
    const before = await statusOf(first.accessToken);

    const { accessToken: token } = await app.login('collector@example.com');
    const { body } = await app.get('/v1/auth/sessions?limit=100', { token });

    expect([before, await statusOf(first.accessToken), await statusOf(token)]).toEqual([200, 401, 200]);
    expect(body.items).toHaveLength(50);
  });

  it.each(['<script>alert(1)</script>/1 x', "';DROP TABLE sessions--/1 x", 'Call 555-0100 now/1 x'])(
    'ASVS 1.2.1: name no device in words of the user agent %j',
    async (userAgent) => {
      const { body: tokens } = await app.post(
        '/v1/auth/login',
        { email: 'ada@example.com', password: PASSWORD },
        { headers: { 'user-agent': userAgent } },
      );

      const { body } = await app.get('/v1/auth/sessions', { token: tokens.accessToken });

      expect(body.items[0].device).toBeNull();
    },
  );

  it('API1:2023: somebody else’s session is not found, and goes on', async () => {
    const ada = await app.login('ada@example.com');
    const eve = await app.login('eve@example.com');

    const answer = await app.delete(`/v1/auth/sessions/${ada.sessionId}`, { token: eve.accessToken });
    const unknown = await app.delete('/v1/auth/sessions/019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11', {
      token: eve.accessToken,
    });

    expect(answer.status).toBe(404);
    expect({ ...answer.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    expect(await statusOf(ada.accessToken)).toBe(200);
  });

  it('ASVS 7.5.2: ending all of them leaves everybody else’s alone', async () => {
    const ada = await app.login('ada@example.com');
    const eve = await app.login('eve@example.com');

    const ended = await app.delete('/v1/auth/sessions', { token: ada.accessToken });
    const statuses = [await statusOf(ada.accessToken), await statusOf(eve.accessToken)];

    expect(ended.status).toBe(204);
    expect(statuses).toEqual([401, 200]);
  });
});
