import { randomUUID } from 'node:crypto';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { afterNextCheck } from '../support/after-next-check.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { Forge, hs256Settings, partsOf } from './support/crafted-token.js';

describe('step-up authentication', () => {
  let app: TestApp;
  let forge: Forge;
  beforeAll(async () => {
    app = await startTestApp({ ...hs256Settings(), THROTTLE_DEVICE_LIMIT: '10' });
    forge = new Forge(await app.signIn('customer'), app.nest.get(KeyRing).signingKey());
  });
  afterAll(() => app.close());

  it('RFC 9470 3: the challenge names the error and the age in seconds that would do', async () => {
    const token = forge.token({ payload: { auth_time: app.clock.seconds() - 310 } });

    const answer = await app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } });

    expect(answer.status).toBe(401);
    expect(answer.body.type).toBe('/problems/insufficient-user-authentication');
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", ' +
        'error_description="A more recent authentication is required", max_age="300"',
    );
  });

  it('RFC 9470 3: tells an administrator another age', async () => {
    const id = await app.register('target@example.com');
    await app.register('admin-to-be@example.com', ['customer', 'admin']);
    const { accessToken } = await app.login('admin-to-be@example.com');
    const admin = new Forge(accessToken, app.nest.get(KeyRing).signingKey());
    const token = admin.token({ payload: { auth_time: app.clock.seconds() - 910 } });

    const answer = await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token });

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('max_age="900"');
  });

  it('RFC 9470 7: the routes that ask for it say so in the OpenAPI document', () => {
    const { paths } = createOpenApiDocument(app.nest);

    const asking = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, operation]) => JSON.stringify(operation).includes('"insufficient-user-authentication":'))
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );

    expect(asking.toSorted()).toEqual([
      'DELETE /v1/auth/mfa',
      'DELETE /v1/users/me',
      'DELETE /v1/users/{id}/mfa',
      'PATCH /v1/users/{id}',
      'POST /v1/auth/email/change',
      'POST /v1/auth/mfa/recovery-codes',
      'POST /v1/auth/mfa/totp',
      'POST /v1/auth/mfa/totp/confirm',
      'POST /v1/auth/password/change',
      'POST /v1/keys/rotate',
      'POST /v1/users/{id}/sign-out',
    ]);
  });

  it('RFC 9068 2.2.1: auth_time is when the password was proved, and a refresh leaves it', async () => {
    await app.register('ada@example.com');
    const signedInAt = app.clock.seconds();
    const { accessToken, refreshToken } = await app.login('ada@example.com');
    app.clock.advance({ hours: 1 });

    const { body } = await app.post('/v1/auth/refresh', { refreshToken });

    const { auth_time: first } = partsOf(accessToken).payload;
    expect(Number(first) - signedInAt).toBeLessThanOrEqual(2);
    expect(Number(first) - signedInAt).toBeGreaterThanOrEqual(0);
    expect(partsOf(body.accessToken).payload['auth_time']).toBe(first);
  });

  it.each([undefined, null, -1, 1e308, '1800000000', [], {}, true])(
    'RFC 9068 2.2.1: refuses auth_time %j',
    async (auth_time) => {
      const token = forge.token({ payload: { auth_time } });

      const answer = await app.get('/v1/users/me', { token });

      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('invalid-token');
    },
  );

  it('ASVS 6.3.1: who holds a stolen token cannot guess the password there more often than at sign-in', async () => {
    const email = `grace-${randomUUID()}@example.com`; // Redis outlives this run
    await app.register(email);
    const { accessToken: token } = await app.login(email);

    const statuses: number[] = [];
    for (let tries = 0; tries < 12; tries++) {
      const { status } = await app.post('/v1/auth/reauthenticate', { password: `wrong ${tries}` }, { token });
      statuses.push(status);
    }

    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 429, 429]);
  });

  it('ASVS 7.4.1: gives nothing in a session that ends while the password is checked', async () => {
    await app.register('eve@example.com');
    const { accessToken: token } = await app.login('eve@example.com');
    const signedOut = afterNextCheck(app, () => app.post('/v1/auth/logout', undefined, { token }));

    const answer = await app.post('/v1/auth/reauthenticate', { password: PASSWORD }, { token });

    expect((await signedOut).status).toBe(204);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid-token']);
  });
});
