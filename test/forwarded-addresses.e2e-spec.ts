import { type TestApp, startTestApp } from './support/app.js';

describe('an address in X-Forwarded-For', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('is not believed from somebody who is no trusted proxy', async () => {
    await app.register('ada@example.com');
    const { accessToken } = await app.login('ada@example.com');
    await app.post(
      '/v1/auth/login',
      { email: 'ada@example.com', password: 'x' },
      { headers: { 'x-forwarded-for': '203.0.113.7' } },
    );
    const { body } = await app.get('/v1/auth/sessions', {
      token: accessToken,
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });

    expect(body.items.map(({ ip }: { ip: string }) => ip)).toEqual(['127.0.0.1']);
    expect(app.log.join('')).not.toContain('203.0.113.7');
  });
});
