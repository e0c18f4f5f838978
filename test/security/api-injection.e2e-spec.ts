import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { inBatches } from './support/in-batches.js';
import { BROKEN_TEXTS, INJECTIONS } from './support/injections.js';
import { errorsIn, linesOf } from './support/log-lines.js';
import { type Route, routesOf } from './support/openapi-routes.js';
import { forgeCursor } from '../support/cursor.js';

/** What the cursors of a list of users without filters begin with. */
const ALL_USERS = 'users [null,null,null]';

describe('what is written into fields and parameters', () => {
  let app: TestApp;
  let admin: string;
  let routes: Route[];
  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signIn('admin');
    routes = routesOf(createOpenApiDocument(app.nest));
  });
  afterAll(() => app.close());

  /** Every field of every body, one at a time set to this text; the other fields as in the document's example. */
  const bodiesWith = (json: string): (readonly [Route, string])[] =>
    routes.flatMap((route) =>
      Object.keys(route.exampleBody).map((field) => {
        const body = JSON.stringify({ ...route.exampleBody, [field]: '\u0001' });
        return [route, body.replace(String.raw`"\u0001"`, () => json)] as const;
      }),
    );

  const sendBody = ([{ method, path }, body]: readonly [Route, string]): Promise<Answer> =>
    app.send(method, path, { token: admin, body, headers: { 'if-match': '"1"' } });

  const sendQuery = (path: string, parameter: string, value: string): Promise<Answer> =>
    app.get(`${path}?${encodeURIComponent(parameter)}=${value}`, { token: admin });

  /** What no answer to bad input may be: an error of ours, a slow one, or one with a header of the attacker’s. */
  const harmOf = ({ status, headers, text }: Answer): string[] =>
    status >= 500 || headers.has('x-injected') ? [`${status} ${text}`] : [];

  it.each(INJECTIONS)('ASVS 1.2.4: takes %s in any field of a body for what it is: text', async (_, text) => {
    const bodies = bodiesWith(JSON.stringify(text));

    const start = performance.now();
    const answers = await inBatches(bodies, sendBody);
    const time = performance.now() - start;

    expect(bodies.length).toBeGreaterThan(8);
    expect(answers.flatMap(harmOf)).toEqual([]);
    expect(time).toBeLessThan(5000);
  });

  it.each(INJECTIONS)('ASVS 1.2.4: takes %s in any query parameter for what it is: text', async (_, text) => {
    const parameters = routes.flatMap(({ path, queryParameters, method }) =>
      method === 'GET' ? queryParameters.map((name) => [path, name] as const) : [],
    );

    const start = performance.now();
    const answers = await inBatches(parameters, ([path, name]) =>
      sendQuery(path, name, encodeURIComponent(text)),
    );
    const time = performance.now() - start;

    expect(parameters.length).toBeGreaterThan(4);
    expect(answers.flatMap(harmOf)).toEqual([]);
    expect(time).toBeLessThan(5000);
  });

  it.each(INJECTIONS.filter(([, text]) => text !== ''))(
    'ASVS 1.2.4: finds nothing at an id that is %s',
    async (_, text) => {
      const paths = routes
        .filter(({ name }) => name.includes('{'))
        .map(({ method, name }) => [method, name] as const);

      const answers = await inBatches(paths, ([method, name]) =>
        app.send(method, name.slice(method.length + 1).replace(/\{\w+\}/g, encodeURIComponent(text)), {
          token: admin,
        }),
      );

      expect(answers.flatMap(harmOf)).toEqual([]);
      expect(answers.filter(({ status }) => status < 300)).toEqual([]);
    },
  );

  it.each(BROKEN_TEXTS)('ASVS 1.5.3: refuses %s in any field of a body', async (_, json) => {
    const answers = await inBatches(bodiesWith(json), sendBody);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });

  it.each(['%00', '%ff', '%C0%AF', '%ED%A0%80', '%u0041', '%', '%zz'])(
    'ASVS 1.5.3: is not upset by %s in a query or a path',
    async (bytes) => {
      const answers = [
        await sendQuery('/v1/users', 'email', bytes),
        await sendQuery('/v1/users', 'cursor', bytes),
        await app.get(`/v1/users?${bytes}=1`, { token: admin }),
        await app.get(`/v1/users/${bytes}`, { token: admin }),
      ];

      expect(answers.flatMap(harmOf)).toEqual([]);
    },
  );

  it.each(['%', '_', '%25', '\\', '*'])(
    'ASVS 1.2.4: looks for the letter %s, not for a pattern',
    async (text) => {
      const answer = await sendQuery('/v1/users', 'email', encodeURIComponent(text));

      expect(answer.status).toBe(200);
      expect(answer.body.items).toEqual([]);
    },
  );

  it.each([
    'x',
    'e30',
    'W10',
    'bnVsbA',
    forgeCursor([ALL_USERS, "' OR 1=1 --"]),
    forgeCursor([ALL_USERS, 1]),
    forgeCursor([ALL_USERS, { a: 1 }]),
    forgeCursor(['products', '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11']),
    forgeCursor([ALL_USERS, 'a', 'b']),
  ])('ASVS 1.2.4: refuses the forged cursor %s', async (cursor) => {
    const answer = await sendQuery('/v1/users', 'cursor', cursor);

    expect(answer.status).toBe(400);
  });

  it.each([
    'sort',
    'order',
    'orderBy',
    'filter',
    'select',
    'fields',
    'where',
    'include',
    'email[$ne]',
    'email[]',
  ])('ASVS 1.2.4: refuses the parameter %s, by which others let one choose columns', async (name) => {
    const answer = await sendQuery('/v1/users', name, 'hash');

    expect(answer.status).toBe(422);
  });

  it.each([
    ['a list', [['A'.repeat(43)]]],
    ['an object', { length: 43 }],
    ['a number', 1],
    ['true', true],
  ])('ASVS 1.5.2: refuses %s where a text is asked for', async (_, value) => {
    const answers = [
      await app.post('/v1/auth/login', { email: value, password: value }),
      await app.post('/v1/auth/refresh', { refreshToken: Array.isArray(value) ? value[0] : value }),
      await app.post('/v1/auth/register', { email: value, password: PASSWORD }),
      await app.post(
        '/v1/auth/password/change',
        { currentPassword: value, newPassword: value },
        { token: admin },
      ),
      await app.patch('/v1/users/me', { displayName: value }, { token: admin }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
  });

  it('ASVS 16.4.1: leaves one line of JSON for each thing logged, none of them forged', () => {
    const lines = linesOf(app.log);

    expect(app.log.every((entry) => entry.endsWith('\n') && entry.indexOf('\n') === entry.length - 1)).toBe(
      true,
    );
    expect(lines.filter(({ msg }) => msg === 'forged')).toEqual([]);
  });

  it('ASVS 1.2.4: leaves the tables as they were, and no error behind', async () => {
    const [row]: [{ users: number }] = await app.database.query(
      'SELECT count(*)::int AS users FROM users JOIN password_credentials ON user_id = id',
    );

    expect(row.users).toBeGreaterThan(0);
    expect(errorsIn(app.log)).toEqual([]);
  });
});
