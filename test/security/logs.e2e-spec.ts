import { Settings } from '../../src/config/settings.js';
import { NestLogger, createLogger } from '../../src/operations/logger.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { secretsFoundIn } from './support/database-dump.js';
import { type LogLine, linesOf } from './support/log-lines.js';

/** Marked values: whatever of them stands in the log has leaked. */
const CANARY = {
  password: 'canary-password-5d1f',
  wrongPassword: 'canary-wrong-9b2e',
  newPassword: 'canary-new-77c0',
  refusedPassword: 'canary1',
  bearer: 'canary-bearer-41aa',
  basic: 'canary-basic-08f3',
  cookie: 'canary-cookie-c3d9',
  query: 'canary-query-e77b',
  brokenJson: 'canary-broken-1f60',
  unknownField: 'canary-field-b85d',
  email: 'canary-address@example.com',
};

describe('what the log tells nobody', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ LOG_LEVEL: 'trace' });
  });
  afterAll(() => app.close());

  it('ASVS 16.2.5: no password, token or cookie, whichever way they come', async () => {
    const { email, password, newPassword } = CANARY;
    await app.post('/v1/auth/register', { email, password });
    const browser = await app.post('/v1/auth/login', { email, password });
    const native = await app.post('/v1/auth/login', { email, password, delivery: 'body' });
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: native.body.refreshToken });
    const { accessToken: token } = browser.body;
    await app.post('/v1/auth/login', { email, password: CANARY.wrongPassword });
    await app.post('/v1/auth/register', { email: 'x@example.com', password: CANARY.refusedPassword });
    await app.post(
      '/v1/auth/password/change',
      { currentPassword: CANARY.wrongPassword, newPassword },
      { token },
    );
    await app.post('/v1/auth/password/change', { currentPassword: password, newPassword }, { token });
    await app.get('/v1/users/me', { token: CANARY.bearer });
    await app.get('/v1/users/me', { headers: { authorization: `Basic ${CANARY.basic}` } });
    await app.post('/v1/auth/refresh', undefined, {
      headers: { cookie: `latchkey-refresh=${CANARY.cookie}` },
    });
    await app.get(`/v1/users/me?access_token=${CANARY.query}`);
    await app.post('/v1/auth/login', `{"password":"${CANARY.brokenJson}"`);
    await app.post('/v1/auth/login', { email, password, unknown: CANARY.unknownField });
    await app.post('/v1/auth/logout', undefined, { token });

    const secrets = {
      ...CANARY,
      accessToken: token,
      refreshToken: native.body.refreshToken,
      nextRefreshToken: refreshed.body.refreshToken,
      nextAccessToken: refreshed.body.accessToken,
      cookieValue: browser.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? '',
    };

    expect(linesOf(app.log).filter(({ msg }) => msg === 'request').length).toBeGreaterThan(12);
    expect(refreshed.status).toBe(200);
    expect(secretsFoundIn(app.log.join(''), secrets)).toEqual([]);
  });

  it.each(['password_credentials', 'refresh_tokens', 'sessions'])(
    'ASVS 16.2.5: no secret even in the error that a missing table %s causes',
    async (table) => {
      const email = `broken-${table.replace('_', '-')}@example.com`;
      await app.register(email);
      const { refreshToken } = await app.login(email);
      await app.database.query(`ALTER TABLE ${table} RENAME TO missing`);
      const before = app.log.length;

      const answers = [
        await app.post('/v1/auth/register', { email: `other-${email}`, password: CANARY.password }),
        await app.post('/v1/auth/login', { email, password: PASSWORD }),
        await app.post('/v1/auth/refresh', { refreshToken }),
      ];
      await app.database.query(`ALTER TABLE missing RENAME TO ${table}`);
      const logged = app.log.slice(before).join('');

      expect(answers.map(({ status }) => status)).toContain(500);
      expect(secretsFoundIn(logged, { PASSWORD, refreshToken, ...CANARY, email })).toEqual([]);
      expect(logged).not.toContain('argon2');
      expect(logged).not.toMatch(/"type":"Buffer"/);
      expect(answers.map(({ text }) => text).join()).not.toMatch(/relation|SELECT|INSERT|missing|\.ts/);
    },
  );

  it('ASVS 16.2.5: nothing of what an object holds under the name of a secret', async () => {
    const lines: string[] = [];
    const pino = createLogger(new Settings(), { write: (line: string) => void lines.push(line) });
    const secret = CANARY.password;

    new NestLogger(pino).log(
      {
        password: secret,
        headers: { authorization: secret, cookie: secret, 'set-cookie': [secret] },
        request: {
          body: { currentPassword: secret, newPassword: secret, refreshToken: secret, accessToken: secret },
        },
      },
      'a careless line',
    );

    expect(lines.join('')).toContain('[redacted]');
    expect(lines.join('')).not.toContain(secret);
  });

  it('ASVS 16.2.1: gives each request a line with its id, its time, its address and its end', async () => {
    const answer = await app.get('/v1/nowhere?secret=1');

    const line = linesOf(app.log).find(({ requestId }) => requestId === answer.headers.get('x-request-id'));

    expect(line).toEqual<LogLine>({
      level: 30,
      time: expect.any(Number),
      requestId: answer.headers.get('x-request-id'),
      method: 'GET',
      path: '/v1/nowhere',
      status: 404,
      ms: expect.any(Number),
      ip: '127.0.0.1',
      msg: 'request',
    });
  });
});
