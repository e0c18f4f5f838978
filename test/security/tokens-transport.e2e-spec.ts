import { type TestApp, startTestApp } from '../support/app.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

describe('how an access token is sent', () => {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startTestApp();
    token = await app.signIn('customer');
  });
  afterAll(() => app.close());

  it('RFC 6750 2.1: reads it from the Authorization header', async () => {
    const answer = await app.get('/v1/users/me', { token });

    expect(answer.status).toBe(200);
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])(
    'RFC 9110 11.1: takes the scheme %s in any case',
    async (scheme) => {
      const answer = await app.get('/v1/users/me', { headers: { authorization: `${scheme} ${token}` } });

      expect(answer.status).toBe(200);
    },
  );

  it.each(['access_token', 'accessToken', 'token', 'authorization', 'bearer', 'jwt'])(
    'RFC 9700 4.3.2: never reads it from the query parameter %s',
    async (name) => {
      const answer = await app.get(`/v1/auth/sessions?${name}=${token}`);

      expect(answer.status).toBe(401);
    },
  );

  it.each(['access_token', 'accessToken', 'token', 'authorization'])(
    'RFC 6750 2: never reads it from the field %s of a body',
    async (name) => {
      const answer = await app.patch('/v1/users/me', { [name]: token });

      expect(answer.status).toBe(401);
    },
  );

  it('RFC 6750 2.2: never reads it from a form', async () => {
    const answer = await app.post('/v1/auth/logout', `access_token=${token}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const after = await app.get('/v1/users/me', { token });

    expect([401, 415]).toContain(answer.status);
    expect(after.status).toBe(200);
  });

  it.each([
    ['Cookie', (sent: string) => `access_token=${sent}; latchkey-refresh=${sent}`],
    ['X-Access-Token', (sent: string) => sent],
    ['X-Authorization', (sent: string) => `Bearer ${sent}`],
    ['Proxy-Authorization', (sent: string) => `Bearer ${sent}`],
    ['Sec-WebSocket-Protocol', (sent: string) => `bearer, ${sent}`],
  ])('RFC 6750 2: never reads it from the header %s', async (name, write) => {
    const answer = await app.get('/v1/users/me', { headers: { [name]: write(token) } });

    expect(answer.status).toBe(401);
  });

  it.each([
    ['the same token twice', (sent: string) => [`Bearer ${sent}`, `Bearer ${sent}`]],
    ['a good token and then a bad one', (sent: string) => [`Bearer ${sent}`, 'Bearer x.y.z']],
    ['a bad token and then a good one', (sent: string) => ['Bearer x.y.z', `Bearer ${sent}`]],
    ['Basic and then Bearer', (sent: string) => ['Basic YTpi', `Bearer ${sent}`]],
    ['Bearer and then an empty one', (sent: string) => [`Bearer ${sent}`, '']],
  ])('RFC 6750 2: refuses two Authorization headers: %s', async (_, write) => {
    const lines = write(token).map(
      (value, index) => `${index ? 'authorization' : 'Authorization'}: ${value}`,
    );

    const answer = await sendRaw(app.url, rawRequest('GET', '/v1/users/me', lines));

    expect(answer.status).toBe(401);
  });

  it.each([
    ['two tokens', (sent: string) => `Bearer ${sent}, Bearer ${sent}`],
    ['two schemes', (sent: string) => `Basic YTpi, Bearer ${sent}`],
    ['a token and a parameter', (sent: string) => `Bearer ${sent}, realm="x"`],
    ['a named token', (sent: string) => `Bearer token="${sent}"`],
    ['no scheme', (sent: string) => sent],
    ['a scheme without a token', () => 'Bearer'],
    ['a scheme glued to the token', (sent: string) => `Bearer${sent}`],
    ['a colon after the scheme', (sent: string) => `Bearer: ${sent}`],
    ['the scheme twice', (sent: string) => `Bearer Bearer ${sent}`],
    ['the scheme Basic', (sent: string) => `Basic ${Buffer.from(`${sent}:`).toString('base64')}`],
    ['the scheme DPoP', (sent: string) => `DPoP ${sent}`],
    ['the scheme Token', (sent: string) => `Token ${sent}`],
    ['nothing', () => ''],
  ])('RFC 6750 2.1: refuses an Authorization header with %s', async (_, write) => {
    const authorization = write(token);

    const answer = await app.get('/v1/users/me', { headers: { authorization } });

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid-token');
  });

  it('RFC 6750 3.1: names no error where no token was sent, and invalid_token where a bad one was', async () => {
    const without = await app.get('/v1/users/me');
    const bad = await app.get('/v1/users/me', { token: 'x.y.z' });

    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    expect(without.body.code).toBe('unauthenticated');
    expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(bad.body.code).toBe('invalid-token');
  });

  it('RFC 6750 5.3: forbids caches to keep any answer that has to do with tokens', async () => {
    const credentials = {
      email: 'customer@example.com',
      password: 'correct horse battery',
      delivery: 'body',
    };
    const signedIn = await app.post('/v1/auth/login', credentials);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: signedIn.body.refreshToken });
    const read = await app.get('/v1/users/me', { token });
    const refused = await app.get('/v1/users/me', { token: 'x.y.z' });

    const cacheControl = [signedIn, refreshed, read, refused].map(({ headers }) =>
      headers.get('cache-control'),
    );

    expect(cacheControl).toEqual(['no-store', 'no-store', 'no-store', 'no-store']);
  });

  it('RFC 9700 4.3.2: never writes a query into the log, where somebody may have put a token', async () => {
    await app.get(`/v1/users/me?access_token=${token}`);

    const logged = app.log.join('');

    expect(logged).not.toContain(token);
    expect(logged).not.toContain('access_token');
  });
});
