import { type TestApp, startTestApp } from './support/app.js';
import { type Service, makeService } from './support/service.js';

describe('revocation by a service (RFC 7009)', () => {
  let app: TestApp;
  let service: Service;
  beforeAll(async () => {
    app = await startTestApp();
    await app.register('ada@example.com');
    service = await makeService(app);
  });
  afterAll(() => app.close());

  const signIn = () => app.login('ada@example.com');
  const letsIn = async (token: string): Promise<boolean> =>
    (await app.get('/v1/users/me', { token })).status === 200;

  it('takes back one access token; the session goes on', async () => {
    const { accessToken, refreshToken } = await signIn();
    const before = await letsIn(accessToken);

    const { status, text, headers } = await service.revoke(accessToken);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken });

    expect([status, text]).toEqual([200, '']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect([before, await letsIn(accessToken)]).toEqual([true, false]);
    expect(await letsIn(refreshed.body.accessToken)).toBe(true);
  });

  it('ends the session of a refresh token, and with it its access tokens', async () => {
    const { accessToken, refreshToken } = await signIn();
    const other = await signIn();

    const { status, text } = await service.revoke(refreshToken);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken });

    expect([status, text]).toEqual([200, '']);
    expect(refreshed.status).toBe(401);
    expect([await letsIn(accessToken), await letsIn(other.accessToken)]).toEqual([false, true]);
  });

  it('ends the session of a refresh token that has been used, by whichever of its tokens', async () => {
    const { refreshToken } = await signIn();
    const { body: next } = await app.post('/v1/auth/refresh', { refreshToken });

    await service.revoke(refreshToken);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: next.refreshToken });

    expect(refreshed.status).toBe(401);
    expect(await letsIn(next.accessToken)).toBe(false);
  });

  it.each([
    ['nothing that is a token', async () => 'x'],
    ['an unknown refresh token', async () => 'A'.repeat(43)],
    [
      'a token that was taken back',
      async () => {
        const { accessToken } = await signIn();
        await service.revoke(accessToken);
        return accessToken;
      },
    ],
    [
      'a refresh token whose session has ended',
      async () => {
        const { accessToken, refreshToken } = await signIn();
        await app.post('/v1/auth/logout', undefined, { token: accessToken });
        return refreshToken;
      },
    ],
  ])('answers 200 for %s, and writes nothing', async (_, tokenOf) => {
    const token = await tokenOf();
    const before = await app.database.query('SELECT count(*)::int AS rows FROM revocations');

    const { status, text } = await service.revoke(token);

    expect([status, text]).toEqual([200, '']);
    expect(await app.database.query('SELECT count(*)::int AS rows FROM revocations')).toEqual(before);
  });

  it('does not take back what has expired', async () => {
    const { accessToken } = await signIn();
    app.clock.advance({ minutes: 16 });

    const { status } = await service.revoke(accessToken);

    expect(status).toBe(200);
    expect(app.log.join('')).not.toContain('Unexpected error');
  });

  it.each(['access_token', 'refresh_token', 'urn:of:nobody'])(
    'takes the hint %s for a hint: a token is what it is',
    async (hint) => {
      const { accessToken, refreshToken } = await signIn();

      const one = await service.revoke(accessToken, { token_type_hint: hint });
      const other = await service.revoke(refreshToken, { token_type_hint: hint });
      const refreshed = await app.post('/v1/auth/refresh', { refreshToken });

      expect([one.status, other.status, refreshed.status]).toEqual([200, 200, 401]);
      expect(await letsIn(accessToken)).toBe(false);
    },
  );
});
