import { randomBytes } from 'node:crypto';
import { type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { newAddress } from '../support/client-address.js';
import { type Service, basic, makeService, sendForm } from '../support/service.js';
import { NO_ID } from './support/openapi-routes.js';

describe('how often a service may ask', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      TRUSTED_PROXIES: '127.0.0.1',
      THROTTLE_LIMIT: '10',
      THROTTLE_AUTH_LIMIT: '5',
      THROTTLE_CLIENT_LIMIT: '40',
    });
    // Away from the edge of a minute, so that a window does not end within a test.
    app.clock.advance({ seconds: 60 - (Math.floor(app.clock.now() / 1000) % 60) + 1 });
  });
  afterAll(() => app.close());

  const ask = (service: Service, address: string): Promise<Answer> =>
    service.send('/v1/oauth/introspect', { token: 'x' }, { 'x-forwarded-for': address });

  const guess = (address: string, id: string = NO_ID): Promise<Answer> =>
    sendForm(
      app,
      '/v1/oauth/introspect',
      { token: 'x' },
      { authorization: basic(id, randomBytes(32).toString('base64url')), 'x-forwarded-for': address },
    );

  async function statusesOf(count: number, send: () => Promise<Answer>): Promise<number[]> {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) {
      statuses.push((await send()).status);
    }
    return statuses;
  }

  it('API4:2023: is not bound by the limits of addresses while it proves who it is', async () => {
    const service = await makeService(app);
    const address = newAddress();

    const statuses = await statusesOf(40, () => ask(service, address));

    expect(statuses).toEqual(Array(40).fill(200));
  });

  it('API4:2023: is bound by a limit of its own, whatever the address, and told how long to wait', async () => {
    const service = await makeService(app);
    const allowed = await statusesOf(40, () => ask(service, newAddress()));

    const refused = await ask(service, newAddress());
    const revoking = await service.send('/v1/oauth/revoke', { token: 'x' });
    const other = await ask(await makeService(app), newAddress());
    app.clock.advance({ seconds: Number(refused.headers.get('retry-after')) });
    const later = await ask(service, newAddress());

    expect(allowed).toEqual(Array(40).fill(200));
    expect([refused.status, revoking.status]).toEqual([429, 429]);
    expect(refused.headers.get('ratelimit-policy')).toBe('"service";q=40;w=60');
    expect([other.status, later.status]).toEqual([200, 200]);
  });

  it('RFC 6749 2.3.1: guessing at a secret is slowed by address', async () => {
    const service = await makeService(app);
    const address = newAddress();

    const statuses = await statusesOf(7, () => guess(address, service.id));
    const [refused, elsewhere] = [await guess(address, service.id), await guess(newAddress(), service.id)];

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(120);
    expect(elsewhere.status).toBe(401);
  });

  it('RFC 6749 2.3.1: guessing goes on unheard: even the right secret is not listened to meanwhile', async () => {
    const service = await makeService(app);
    const address = newAddress();
    await statusesOf(5, () => guess(address));

    const [there, elsewhere] = [await ask(service, address), await ask(service, newAddress())];
    app.clock.advance({ seconds: Number(there.headers.get('retry-after')) });
    const later = await ask(service, address);

    expect([there.status, elsewhere.status, later.status]).toEqual([429, 200, 200]);
  });

  it('RFC 6749 2.3.1: requests without any credentials count as guesses', async () => {
    const address = newAddress();
    const headers = { 'x-forwarded-for': address };

    const statuses = await statusesOf(6, () => sendForm(app, '/v1/oauth/revoke', { token: 'x' }, headers));

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('API4:2023: signing in at the same address, right or wrong, does not stop a service', async () => {
    const service = await makeService(app);
    const address = newAddress();
    const signIn = (): Promise<Answer> =>
      app.post(
        '/v1/auth/login',
        { email: `${address}@example.com`, password: 'wrong' },
        { headers: { 'x-forwarded-for': address } },
      );

    const signIns = await statusesOf(6, signIn);
    const { status } = await ask(service, address);

    expect(signIns.at(-1)).toBe(429);
    expect(status).toBe(200);
  });
});
