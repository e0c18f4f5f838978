import fc from 'fast-check';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { type Form, type Service, makeService } from '../support/service.js';
import { Forge, encodePart, partsOf, signWithSecret } from './support/crafted-token.js';
import { inBatches } from './support/in-batches.js';
import { INJECTIONS } from './support/injections.js';
import { errorsIn } from './support/log-lines.js';
import { brokenCopiesOf } from './support/mutations.js';

const INTROSPECT = '/v1/oauth/introspect';
const REVOKE = '/v1/oauth/revoke';

describe('the tokens that services hand over', () => {
  let app: TestApp;
  let service: Service;
  let trusted: Service;
  let token: string;
  let forge: Forge;
  beforeAll(async () => {
    app = await startTestApp();
    service = await makeService(app);
    trusted = await makeService(app, 'roles', 'sid', 'email');
    token = await app.signIn('customer');
    forge = new Forge(token, app.nest.get(KeyRing).signingKey());
  });
  afterAll(() => app.close());

  const publicKey = (): string =>
    app.nest.get(KeyRing).signingKey().verifyingKey.export({ format: 'pem', type: 'spki' }).toString();

  const FORGED: [string, () => string][] = [
    ['alg none', () => `${encodePart({ ...forge.header, alg: 'none' })}.${encodePart(forge.payload)}.`],
    ['no signature', () => `${token.slice(0, token.lastIndexOf('.'))}.`],
    [
      'the public key as secret',
      () => signWithSecret({ ...forge.header, alg: 'HS256' }, forge.payload, publicKey()),
    ],
    ['an unknown kid', () => forge.token({ header: { kid: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' } })],
    ['a path as kid', () => forge.token({ header: { kid: '../../dev/null' } })],
    ['another typ', () => forge.token({ header: { typ: 'JWT' } })],
    ['a crit', () => forge.token({ header: { crit: ['x'] } })],
    ['another issuer', () => forge.token({ payload: { iss: 'https://evil.example' } })],
    ['another audience', () => forge.token({ payload: { aud: 'somebody-else' } })],
    ['no exp', () => forge.token({ payload: { exp: undefined } })],
    ['exp past', () => forge.token({ payload: { exp: 1 } })],
    ['exp as text', () => forge.token({ payload: { exp: '9999999999' } })],
    ['iat to come', () => forge.token({ payload: { iat: Math.floor(Date.now() / 1000) + 3600 } })],
    ['a sub that is no id', () => forge.token({ payload: { sub: "' OR 1=1 --" } })],
    ['a payload that is no object', () => forge.withRawPayload('[]')],
    ['10,000 letters', () => 'x'.repeat(10_000)],
    ['10,000 dots', () => '.'.repeat(10_000)],
    ['a UUID', () => '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11'],
    ['an unknown refresh token', () => 'A'.repeat(43)],
    ['its own secret', () => service.secret],
  ];

  const INJECTED = INJECTIONS.filter(([, text]) => text !== '').map<[string, () => string]>(
    ([kind, text]) => [kind, () => text],
  );
  const HOSTILE = [...FORGED, ...INJECTED];

  it.each(HOSTILE)('RFC 7662 2.2: says {"active":false} and nothing more of %s', async (_, make) => {
    const start = performance.now();
    const answers = [await service.introspect(make()), await trusted.introspect(make())];
    const time = performance.now() - start;

    expect(answers.map(({ status, text }) => [status, text])).toEqual(
      Array.from({ length: 2 }, () => [200, '{"active":false}']),
    );
    expect(time).toBeLessThan(1000);
  });

  it.each(HOSTILE)(
    'RFC 7009 2.2: answers 200 without a body for %s, and takes nothing back',
    async (_, make) => {
      const { status, text } = await service.revoke(make());
      const goesOn = await app.get('/v1/users/me', { token });

      expect([status, text, goesOn.status]).toEqual([200, '', 200]);
    },
  );

  it('RFC 7662 2.2: says {"active":false} of 1,000 broken copies of a good token', async () => {
    const other = (await app.login('customer@example.com')).accessToken;
    const broken = fc.sample(brokenCopiesOf(token, other), { numRuns: 1000, seed: 20_261_124 });

    const answers = await inBatches(broken, (text) => service.introspect(text));

    expect(answers.filter(({ status, text }) => status !== 200 || text !== '{"active":false}')).toEqual([]);
  });

  it('RFC 7662 4: tells private claims only to services that were granted them', async () => {
    const { sid, sub } = partsOf(token).payload;

    const [plain, told] = [await service.introspect(token), await trusted.introspect(token)];

    expect(Object.keys(plain.body).toSorted()).toEqual([
      'active',
      'aud',
      'auth_time',
      'exp',
      'iat',
      'iss',
      'jti',
      'sub',
      'token_type',
    ]);
    expect(plain.text).not.toContain('customer@example.com');
    expect(told.body).toEqual({ ...plain.body, roles: ['customer'], sid, email: 'customer@example.com' });
    expect(told.body.sub).toBe(sub);
  });

  it('RFC 7662 2.2: takes no refresh token for an access token', async () => {
    const { refreshToken } = await app.login('customer@example.com');

    const { body } = await trusted.introspect(refreshToken);

    expect(body.active).toBe(true);
    expect(['token_type', 'aud', 'jti'].filter((name) => name in body)).toEqual([]);
  });

  it('RFC 7662 2.2: sees what was taken back by token, by session and by account', async () => {
    const signIn = async (): Promise<string> => (await app.login('customer@example.com')).accessToken;
    const [one, two, three] = [await signIn(), await signIn(), await signIn()];
    const before = await Promise.all([one, two, three].map((each) => service.introspect(each)));

    await service.revoke(one);
    await app.post('/v1/auth/logout', undefined, { token: two });
    const between = await Promise.all([one, two, three].map((each) => service.introspect(each)));
    await app.delete('/v1/auth/sessions', { token: three });
    const after = await service.introspect(three);
    token = await signIn();

    expect(before.map(({ body }) => body.active)).toEqual([true, true, true]);
    expect(between.map(({ body }) => body.active)).toEqual([false, false, true]);
    expect(after.text).toBe('{"active":false}');
  });

  const REFUSED: [string, Form][] = [
    ['no token', {}],
    ['an empty form', ''],
    ['an empty token', 'token='],
    ['a token without a value', 'token'],
    ['another name', 'Token=x'],
    ['a token in brackets', 'token[]=x'],
    ['two tokens', 'token=x&token=y'],
    ['one token twice', 'token=x&token=x'],
    ['two hints', 'token=x&token_type_hint=access_token&token_type_hint=refresh_token'],
    ['an unknown parameter twice', 'token=x&more=1&more=2'],
  ];

  it.each(REFUSED)('RFC 6749 3.2: refuses %s as invalid_request', async (_, form) => {
    const answers = [await service.send(INTROSPECT, form), await service.send(REVOKE, form)];

    expect(answers.map(({ status, body }) => [status, body.code, body.error])).toEqual(
      Array.from({ length: 2 }, () => [400, 'invalid-request', 'invalid_request']),
    );
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(['no-store', 'no-store']);
  });

  it('RFC 7662 2.1: reads the token from the form only', async () => {
    const inQuery = await service.send(`${INTROSPECT}?token=${token}`, {});
    const both = await service.send(`${REVOKE}?token=${token}`, { token: 'x' });
    const goesOn = await app.get('/v1/users/me', { token });

    expect([inQuery.status, both.status, goesOn.status]).toEqual([400, 200, 200]);
  });

  it.each([
    'application/json',
    'application/merge-patch+json',
    'text/plain',
    'multipart/form-data; boundary=x',
  ])('RFC 7662 2.1: takes no body of the type %s', async (type) => {
    const send = (path: string, body: string): Promise<Answer> =>
      service.send(path, body, { 'content-type': type });

    const answers = [
      await send(INTROSPECT, JSON.stringify({ token })),
      await send(REVOKE, `token=${token}`),
      await send(REVOKE, JSON.stringify({ token })),
    ];
    const goesOn = await app.get('/v1/users/me', { token });

    expect(answers.map(({ status }) => status)).toEqual([415, 415, 415]);
    expect(goesOn.status).toBe(200);
  });

  it('RFC 7662 2.1: is asked by POST only, so that no token stands in an address', async () => {
    const answers = await Promise.all([INTROSPECT, REVOKE].map((path) => app.get(`${path}?token=${token}`)));

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('API4:2023: reads a form of 16 KiB, and no larger one', async () => {
    const fits = `token=${'x'.repeat(16_384 - 6)}`;

    const answers = [
      await service.send(INTROSPECT, fits),
      await service.send(INTROSPECT, `${fits}x`),
      await service.send(REVOKE, `token=${'x'.repeat(500_000)}`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 413, 413]);
  });

  it.each(INJECTIONS)(
    'ASVS 1.2.4: is not upset by %s in any other parameter, or as its name',
    async (_, text) => {
      const answers = [
        await service.introspect(token, { token_type_hint: text }),
        await service.introspect(token, { anything: text }),
        await service.introspect(token, { [text]: text }),
      ];

      expect(answers.map(({ status, body }) => [status, body.active])).toEqual(
        Array.from({ length: 3 }, () => [200, true]),
      );
    },
  );

  it.each(['%00', '%ff', '%C0%AF', '%ED%A0%80', '%', '%zz', '\u0000', '\r\n'])(
    'ASVS 1.5.3: is not upset by %j in a token',
    async (bytes) => {
      const answers = [
        await service.send(INTROSPECT, `token=${bytes}x`),
        await service.send(REVOKE, `token=${bytes}x`),
      ];

      expect(answers.filter(({ status }) => status !== 200 && status !== 400)).toEqual([]);
    },
  );

  it('RFC 7009 2.1: another site can make no browser send a form here', async () => {
    const answers = await Promise.all(
      [INTROSPECT, REVOKE].map((path) =>
        service.send(path, { token }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });

  it('ASVS 16.5.1: leave no error of ours in the log, and no token', () => {
    expect(errorsIn(app.log)).toEqual([]);
    expect(app.log.join('')).not.toContain(token);
  });
});
