import { Housekeeping } from '../src/auth/housekeeping.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import { forgeCursor } from './support/cursor.js';

describe('sessions', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.register('ada@example.com');
    await app.register('eve@example.com');
  });
  afterAll(() => app.close());

  it('lists where one is signed in and marks the session that asks', async () => {
    const first = await app.login('ada@example.com');
    const second = await app.login('ada@example.com');
    const answer = await app.get('/v1/auth/sessions', { token: second.accessToken });

    expect(answer.status).toBe(200);
    expect(answer.body.nextCursor).toBeNull();
    expect(answer.body.items).toContainEqual({
      id: second.sessionId,
      current: true,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
      ip: '127.0.0.1',
      userAgent: 'node',
      device: null,
    });
    expect(answer.body.items).toContainEqual(
      expect.objectContaining({ id: first.sessionId, current: false }),
    );
  });

  it('lists them by pages, each once, the one used last first', async () => {
    await app.register('paged@example.com');
    const opened: string[] = [];
    let token = '';
    for (let count = 0; count < 7; count++) {
      const { accessToken, sessionId } = await app.login('paged@example.com');
      opened.unshift(sessionId);
      token = accessToken;
      app.clock.advance({ seconds: count % 3 });
    }

    const pages: string[][] = [];
    let path = '/v1/auth/sessions?limit=3';
    for (;;) {
      const { body } = await app.get(path, { token });
      pages.push(body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) {
        break;
      }
      path = `/v1/auth/sessions?limit=3&cursor=${body.nextCursor}`;
    }

    expect(pages).toEqual([opened.slice(0, 3), opened.slice(3, 6), opened.slice(6)]);
  });

  it.each([
    (user: string) => ['sessions', '2026-01-01T00:00:00Z', user],
    (user: string) => [`sessions ${user}`, '1e300', user],
    (user: string) => [`sessions ${user}`, '2026-01-01T00:00:00Z', 'x'],
    (user: string) => [`sessions ${user}`, '2026-01-01T00:00:00Z'],
  ])('refuses the forged cursor %#', async (forge) => {
    const { accessToken: token } = await app.login('ada@example.com');
    const { id } = (await app.get('/v1/users/me', { token })).body;

    const cursor = forgeCursor(forge(id));
    expect((await app.get(`/v1/auth/sessions?cursor=${cursor}`, { token })).status).toBe(400);
  });

  it('refuses the cursor of somebody else', async () => {
    await app.login('ada@example.com');
    const { accessToken: ada } = await app.login('ada@example.com');
    const { accessToken: eve } = await app.login('eve@example.com');
    const { nextCursor } = (await app.get('/v1/auth/sessions?limit=1', { token: ada })).body;
    const path = `/v1/auth/sessions?limit=1&cursor=${nextCursor}`;

    expect((await app.get(path, { token: ada })).status).toBe(200);
    expect((await app.get(path, { token: eve })).status).toBe(400);
  });

  it.each([
    ['limit=0', 422],
    ['limit=101', 422],
    ['cursor=', 400],
    ['cursor=damaged', 400],
    [`cursor=${'A'.repeat(3000)}`, 400],
  ])('refuses the page %#: %s', async (query, status) => {
    const { accessToken: token } = await app.login('ada@example.com');

    expect((await app.get(`/v1/auth/sessions?${query}`, { token })).status).toBe(status);
  });

  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
      'Firefox on Windows',
    ],
    ['<script>alert(1)</script>/1 x', null],
    ['Chrome/'.repeat(1000), 'Chrome'],
    ['', null],
  ])('names the device of the user agent %s', async (userAgent, device) => {
    const { body: tokens } = await app.post(
      '/v1/auth/login',
      { email: 'eve@example.com', password: PASSWORD },
      { headers: { 'user-agent': userAgent } },
    );

    const { body } = await app.get('/v1/auth/sessions', { token: tokens.accessToken });

    expect(body.items.find(({ current }: { current: boolean }) => current).device).toBe(device);
  });

  it('ends one of one’s own, tokens and all', async () => {
    const kept = await app.login('ada@example.com');
    const ended = await app.login('ada@example.com');
    const answer = await app.delete(`/v1/auth/sessions/${ended.sessionId}`, { token: kept.accessToken });
    const access = await app.get('/v1/users/me', { token: ended.accessToken });
    const refresh = await app.post('/v1/auth/refresh', { refreshToken: ended.refreshToken });
    const again = await app.delete(`/v1/auth/sessions/${ended.sessionId}`, { token: kept.accessToken });
    const list = await app.get('/v1/auth/sessions', { token: kept.accessToken });

    expect(answer.status).toBe(204);
    expect(access.status).toBe(401);
    expect(refresh.status).toBe(401);
    expect(again.status).toBe(404);
    expect(JSON.stringify(list.body)).not.toContain(ended.sessionId);
  });

  it('does not find somebody else’s, which goes on', async () => {
    const ada = await app.login('ada@example.com');
    const eve = await app.login('eve@example.com');
    const answer = await app.delete(`/v1/auth/sessions/${ada.sessionId}`, { token: eve.accessToken });
    const noId = await app.delete('/v1/auth/sessions/1', { token: eve.accessToken });
    const access = await app.get('/v1/users/me', { token: ada.accessToken });

    expect(answer.status).toBe(404);
    expect(noId.status).toBe(404);
    expect(access.status).toBe(200);
  });

  it('ends all others and keeps the one that asks', async () => {
    const other = await app.login('ada@example.com');
    const mine = await app.login('ada@example.com');
    const answer = await app.delete('/v1/auth/sessions?keepCurrent=true', { token: mine.accessToken });
    const list = await app.get('/v1/auth/sessions', { token: mine.accessToken });
    const refused = await app.get('/v1/users/me', { token: other.accessToken });

    expect(answer.status).toBe(204);
    expect(list.body.items).toHaveLength(1);
    expect(refused.status).toBe(401);
  });

  it('ends all of them', async () => {
    const other = await app.login('ada@example.com');
    const mine = await app.login('ada@example.com');
    const eve = await app.login('eve@example.com');
    const answer = await app.delete('/v1/auth/sessions', { token: mine.accessToken });
    const statuses = await Promise.all(
      [mine, other, eve].map(
        async ({ accessToken }) => (await app.get('/v1/users/me', { token: accessToken })).status,
      ),
    );
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: other.refreshToken });
    const anew = await app.login('ada@example.com');

    expect(answer.status).toBe(204);
    expect(statuses).toEqual([401, 401, 200]);
    expect(refreshed.status).toBe(401);
    expect((await app.get('/v1/users/me', { token: anew.accessToken })).status).toBe(200);
  });

  it('refuses a keepCurrent that is neither true nor false', async () => {
    const { accessToken } = await app.login('eve@example.com');
    const answer = await app.delete('/v1/auth/sessions?keepCurrent=perhaps', { token: accessToken });

    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('/query/keepCurrent');
  });

  it('cleans up what no token can need any more', async () => {
    const { accessToken, sessionId } = await app.login('eve@example.com');
    await app.post('/v1/auth/logout', undefined, { token: accessToken });
    app.clock.advance({ days: 2 });
    await app.nest.get(Housekeeping).clean();
    const sessions = await app.database.query('SELECT id FROM sessions WHERE id = $1', [sessionId]);
    const revocations = await app.database.query('SELECT id FROM revocations WHERE subject = $1', [
      sessionId,
    ]);

    expect(sessions).toEqual([]);
    expect(revocations).toEqual([]);
  });

  it('keeps no refresh token that was used longer ago than one is good for, and goes on', async () => {
    await app.register('lasting@example.com');
    const { sessionId, refreshToken } = await app.login('lasting@example.com');
    const refresh = async (token: string) => app.post('/v1/auth/refresh', { refreshToken: token });
    const rows = async (): Promise<unknown[]> =>
      app.database.query('SELECT FROM refresh_tokens WHERE session_id = $1', [sessionId]);
    const second = await refresh(refreshToken);
    app.clock.advance({ days: 13 });
    const third = await refresh(second.body.refreshToken);
    app.clock.advance({ days: 2 });
    const before = await rows();

    await app.nest.get(Housekeeping).clean();
    const after = await rows();
    const forgotten = await refresh(refreshToken);
    const goesOn = await refresh(third.body.refreshToken);

    expect([before.length, after.length]).toEqual([3, 2]);
    expect([forgotten.status, forgotten.body.code]).toEqual([401, 'invalid-token']);
    expect(goesOn.status).toBe(200);
  });
});
