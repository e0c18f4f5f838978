import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { makeService } from '../support/service.js';
import { inBatches } from './support/in-batches.js';
import { NO_ID, type Route, routesOf } from './support/openapi-routes.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { registeredRoutes } from './support/registered-routes.js';

/** What any signed-in user may call, on purpose: their own account. Whatever else needs a token names its roles. */
const FOR_EVERYBODY_SIGNED_IN = [
  'DELETE /v1/auth/mfa',
  'DELETE /v1/auth/sessions',
  'DELETE /v1/auth/sessions/{id}',
  'DELETE /v1/users/me',
  'GET /v1/auth/mfa',
  'GET /v1/auth/sessions',
  'GET /v1/users/me',
  'PATCH /v1/users/me',
  'POST /v1/auth/email/change',
  'POST /v1/auth/logout',
  'POST /v1/auth/mfa/recovery-codes',
  'POST /v1/auth/mfa/totp',
  'POST /v1/auth/mfa/totp/confirm',
  'POST /v1/auth/password/change',
  'POST /v1/auth/reauthenticate',
];

/** What administrators may call, and no editor. */
const FOR_ADMINISTRATORS = [
  'DELETE /v1/users/{id}/mfa',
  'GET /v1/keys',
  'GET /v1/users',
  'GET /v1/users/{id}',
  'PATCH /v1/users/{id}',
  'POST /v1/keys/rotate',
  'POST /v1/users/{id}/sign-out',
];

/** What names a thing of one user by its id, and what anybody else is told who asks for it. */
const OF_ONE_USER: Readonly<Record<string, number>> = {
  'DELETE /v1/auth/sessions/{id}': 404,
  'DELETE /v1/users/{id}/mfa': 403,
  'GET /v1/users/{id}': 403,
  'PATCH /v1/users/{id}': 403,
  'POST /v1/users/{id}/sign-out': 403,
};

/** What names a thing of the shop, which is nobody's own. */
const OF_THE_SHOP = / \/v1\/(products|variants|categories|catalog)\//;

/** What guests may call though it changes something, on purpose. */
const CHANGES_FOR_GUESTS = [
  'POST /v1/auth/email/resend',
  'POST /v1/auth/email/verify',
  'POST /v1/auth/login',
  'POST /v1/auth/password/forgot',
  'POST /v1/auth/password/reset',
  'POST /v1/auth/refresh',
  'POST /v1/auth/register',
];

/** What services may call, and nobody else. */
const FOR_SERVICES = ['POST /v1/oauth/introspect', 'POST /v1/oauth/revoke'];

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('who may call a route', () => {
  let app: TestApp;
  let routes: Route[];
  beforeAll(async () => {
    app = await startTestApp();
    routes = routesOf(createOpenApiDocument(app.nest));
  });
  afterAll(() => app.close());

  const call = ({ method, path, takesBody, takesForm }: Route, token?: string): Promise<Answer> =>
    app.send(method, path, {
      token,
      ...(takesBody && { body: {} }),
      ...(takesForm && { body: 'token=x', headers: FORM }),
    });

  /** The routes that did not answer as they should: name and status. */
  async function strays(
    called: readonly Route[],
    token: string | undefined,
    isRight: (answer: Answer) => boolean,
  ) {
    const answers = await inBatches(called, (route) => call(route, token));
    return answers.flatMap((answer, index) =>
      isRight(answer) ? [] : [`${called[index]?.name}: ${answer.status} ${answer.text}`],
    );
  }

  it('ASVS 8.1.1: is said in the OpenAPI document, of every route that the router knows', () => {
    const documented = new Set(routes.map(({ name }) => name));

    const undocumented = registeredRoutes(app.nest).filter(
      (route) =>
        !documented.has(route) &&
        !/ (\/docs|\/openapi\.json$|\/problems\/|\/unreadable-path$|\*$)/.test(route),
    );

    expect(registeredRoutes(app.nest)).toContain('PATCH /v1/users/{id}');
    expect(undocumented).toEqual([]);
    expect(routes.filter(({ access }) => access === 'undeclared')).toEqual([]);
  });

  it('API5:2023: is a role, but for the routes listed here', () => {
    const withoutRoles = routes.filter(({ access }) => access === 'signed-in').map(({ name }) => name);

    expect(withoutRoles.toSorted()).toEqual(FOR_EVERYBODY_SIGNED_IN);
  });

  it('API5:2023: is nobody without a token where something changes, but for the routes listed here', () => {
    const open = routes
      .filter(({ access, method }) => ['public', 'optional'].includes(access) && method !== 'GET')
      .map(({ name }) => name);

    expect(open.toSorted()).toEqual(CHANGES_FOR_GUESTS);
  });

  it('API5:2023: answers a guest with 401 on every route that is not open', async () => {
    const closed = routes.filter(({ access }) => access === 'signed-in' || access === 'roles');

    const wrong = await strays(closed, undefined, ({ status, body }) => {
      return status === 401 && body.code === 'unauthenticated';
    });

    expect(closed.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('API2:2023: answers a bad token with 401 on every route that reads one', async () => {
    const reading = routes.filter(({ access }) => access !== 'public' && access !== 'service');

    const wrong = await strays(reading, 'x.y.z', ({ status, body }) => {
      return status === 401 && body.code === 'invalid-token';
    });

    expect(wrong).toEqual([]);
  });

  it('API5:2023: is a service, with credentials of its own, on these routes', () => {
    const forServices = routes.filter(({ access }) => access === 'service').map(({ name }) => name);

    expect(forServices.toSorted()).toEqual(FOR_SERVICES);
  });

  it('API5:2023: answers everybody else with 401 on every route for services, with a token or without', async () => {
    const forServices = routes.filter(({ access }) => access === 'service');
    const isRight = ({ status, body }: Answer): boolean => status === 401 && body.code === 'invalid-client';

    const wrong = [
      await strays(forServices, undefined, isRight),
      await strays(forServices, 'x.y.z', isRight),
      await strays(forServices, await app.signIn('admin'), isRight),
    ];

    expect(wrong.flat()).toEqual([]);
  });

  it('API5:2023: lets a service in on every one of them', async () => {
    const forServices = routes.filter(({ access }) => access === 'service');
    const service = await makeService(app);

    const answers = await inBatches(forServices, ({ path }) => service.send(path, { token: 'x' }));

    expect(answers.map(({ status }) => status)).toEqual(forServices.map(() => 200));
  });

  it('API5:2023: answers a customer with 403 on every route for editors and administrators', async () => {
    const restricted = routes.filter(({ access }) => access === 'roles');

    const wrong = await strays(restricted, await app.signIn('customer'), ({ status, body }) => {
      return status === 403 && body.code === 'forbidden';
    });

    expect(restricted.length).toBeGreaterThan(3);
    expect(wrong).toEqual([]);
  });

  it('API5:2023: answers an editor with 403 on every route for administrators, and on no other', async () => {
    const restricted = routes.filter(({ access }) => access === 'roles');
    const editor = await app.signIn('editor');

    const answers = await inBatches(restricted, (route) => call(route, editor));
    const refused = restricted.filter((_, index) => answers[index]?.status === 403).map(({ name }) => name);

    expect(refused.toSorted()).toEqual(FOR_ADMINISTRATORS);
  });

  it('API5:2023: lets an administrator in on every one of them', async () => {
    const restricted = routes.filter(({ access }) => access === 'roles');

    const wrong = await strays(restricted, await app.signIn('admin'), ({ status }) => {
      return status !== 401 && status !== 403 && status < 500;
    });

    expect(wrong).toEqual([]);
  });

  it.each([
    '/v1/users/',
    '//v1/users',
    '/v1//users',
    '/V1/USERS',
    '/v1/users?',
    '/v1/users?role=admin',
    '/v1/users;x=1',
    '/v1/users%2F',
    '/v1/%75sers',
    '/v1/./users',
    '/v1/auth/../users',
    '/health/live/../../v1/users',
    '/docs/../v1/users',
    '/v1/users%00',
    '/v1/users%20',
    'http://localhost/v1/users',
    '*/v1/users',
    'v1/users',
  ])('API5:2023: lets no guest in by another spelling of a path: %s', async (path) => {
    const { status, text } = await sendRaw(app.url, rawRequest('GET', path));

    expect([400, 401, 403, 404]).toContain(status);
    expect(text).not.toContain('"items"');
  });

  it.each([
    'X-HTTP-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Forwarded-User',
    'X-User-Id',
    'X-Roles',
  ])('API5:2023: gives nobody more rights for the header %s', async (name) => {
    const value = { 'X-HTTP-Method-Override': 'GET', 'X-Roles': 'admin' }[name] ?? '/health/live';
    const token = await app.signIn('customer');

    const asGuest = await app.get('/v1/users', { headers: { [name]: value } });
    const asCustomer = await app.get('/v1/users', { token, headers: { [name]: value } });

    expect([asGuest.status, asCustomer.status]).toEqual([401, 403]);
  });

  it('API5:2023: treats HEAD as it treats GET', async () => {
    const asGuest = await app.send('HEAD', '/v1/users');
    const asCustomer = await app.send('HEAD', '/v1/users', { token: await app.signIn('customer') });

    expect([asGuest.status, asCustomer.status]).toEqual([401, 403]);
  });

  it('API1:2023: is one user, or else an administrator, where a path names a thing of theirs by its id', () => {
    const named = routes.map(({ name }) => name).filter((name) => name.includes('{'));

    const ofOneUser = named.filter((name) => !OF_THE_SHOP.test(name));

    expect(named.length).toBeGreaterThan(10);
    expect(ofOneUser.toSorted()).toEqual(Object.keys(OF_ONE_USER));
  });

  it.each(Object.entries(OF_ONE_USER))(
    'API1:2023: is nobody else on %s, who is not told which there are either',
    async (name, status) => {
      const email = `somebody.else.${status}.${name.length}@example.com`;
      const userId = await app.register(email);
      const { accessToken, sessionId } = await app.login(email);
      const id = name.includes('/sessions/') ? sessionId : userId;
      const { method, path } = routes.find((route) => route.name === name) ?? { method: '', path: '' };
      const sent = {
        token: await app.signIn('customer'),
        ...(method === 'PATCH' && { body: { status: 'disabled' } }),
      };

      const theirs = await app.send(method, path.replace(NO_ID, id), sent);
      const nobodys = await app.send(method, path, sent);
      const after = await app.get('/v1/users/me', { token: accessToken });

      expect([theirs.status, nobodys.status]).toEqual([status, status]);
      expect({ ...theirs.body, instance: '' }).toEqual({ ...nobodys.body, instance: '' });
      expect(theirs.text).not.toContain(email);
      expect([after.status, after.body.status]).toEqual([200, 'active']);
    },
  );
});
