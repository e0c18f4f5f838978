import { randomUUID } from 'node:crypto';
import { ServiceClientsService } from '../../src/auth/oauth/service-clients.service.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { askForToken, mailsSettled, mailsTo, verificationTokenIn } from '../support/mailbox.js';
import { totp } from '../support/totp.js';
import { basic, makeService, sendForm } from '../support/service.js';
import { partsOf } from './support/crafted-token.js';
import { type LogLine, linesOf } from './support/log-lines.js';
import { NO_ID } from './support/openapi-routes.js';

const NEW_PASSWORD = 'a tall ship and a star';

interface Somebody {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

describe('what the log says of who did what', () => {
  let app: TestApp;
  let admin: string;
  let adminId: string;
  let accounts = 0;
  beforeAll(async () => {
    app = await startTestApp({ THROTTLE_ACCOUNT_LIMIT: '5' });
    admin = await app.signIn('admin');
    adminId = (await app.get('/v1/users/me', { token: admin })).body.id;
  });
  afterAll(() => app.close());

  async function somebody(): Promise<Somebody> {
    const email = `somebody-${accounts++}@example.com`;
    const id = await app.register(email);
    const { accessToken: token, ...session } = await app.login(email);
    return { id, email, token, ...session };
  }

  async function setUpFactor(token: string): Promise<{ answer: Answer; recoveryCodes: readonly string[] }> {
    const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
    const code = totp(secret, app.clock.seconds());
    const answer = await app.post('/v1/auth/mfa/totp/confirm', { code }, { token });
    return { answer, recoveryCodes: answer.body.recoveryCodes };
  }

  /** The lines of one request. */
  const linesFor = (answer: Answer | undefined): LogLine[] =>
    linesOf(app.log).filter(({ requestId }) => requestId === answer?.headers.get('x-request-id'));

  const change = ({ token }: Somebody, currentPassword: string): Promise<Answer> =>
    app.post('/v1/auth/password/change', { currentPassword, newPassword: NEW_PASSWORD }, { token });

  it.each<[string, (who: Somebody) => Promise<Answer>, (who: Somebody) => LogLine]>([
    [
      'signed-in',
      ({ email }) => app.post('/v1/auth/login', { email, password: PASSWORD }),
      ({ id }) => ({ level: 30, userId: id, sessionId: expect.any(String) }),
    ],
    [
      'sign-in-failed',
      ({ email }) => app.post('/v1/auth/login', { email, password: 'wrong' }),
      ({ id }) => ({ level: 40, userId: id }),
    ],
    [
      'signed-out',
      ({ token }) => app.post('/v1/auth/logout', undefined, { token }),
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'session-ended',
      ({ token, sessionId }) => app.delete(`/v1/auth/sessions/${sessionId}`, { token }),
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'signed-out-elsewhere',
      ({ token }) => app.delete('/v1/auth/sessions?keepCurrent=true', { token }),
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'signed-out-everywhere',
      ({ token }) => app.delete('/v1/auth/sessions', { token }),
      ({ id }) => ({ level: 30, userId: id, byUserId: id }),
    ],
    [
      'password-changed',
      (who) => change(who, PASSWORD),
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'reauthenticated',
      ({ token }) => app.post('/v1/auth/reauthenticate', { password: PASSWORD }, { token }),
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'password-reset',
      async ({ email }) =>
        app.post('/v1/auth/password/reset', {
          token: await askForToken(app, email),
          newPassword: NEW_PASSWORD,
        }),
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'password-reset-requested',
      async ({ email }) => {
        const answer = await app.post('/v1/auth/password/forgot', { email });
        await mailsTo(app, email);
        return answer;
      },
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'password-reset-refused',
      () => app.post('/v1/auth/password/reset', { token: 'A'.repeat(43), newPassword: NEW_PASSWORD }),
      () => ({ level: 40 }),
    ],
    [
      'email-verification-requested',
      async ({ email }) => {
        await app.database.query('UPDATE users SET email_verified = false WHERE email = $1', [email]);
        const answer = await app.post('/v1/auth/email/resend', { email });
        await mailsTo(app, email);
        return answer;
      },
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'email-verification-refused',
      () => app.post('/v1/auth/email/verify', { token: 'A'.repeat(43) }),
      () => ({ level: 40 }),
    ],
    [
      'email-change-requested',
      ({ token }) => app.post('/v1/auth/email/change', { newEmail: 'other@example.com' }, { token }),
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'email-changed',
      async ({ email, token }) => {
        const newEmail = `changed-${email}`;
        await app.post('/v1/auth/email/change', { newEmail }, { token });
        const [mail] = await mailsTo(app, newEmail);
        return app.post('/v1/auth/email/verify', { token: verificationTokenIn(mail) });
      },
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'second-factor-begun',
      ({ token }) => app.post('/v1/auth/mfa/totp', undefined, { token }),
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'second-factor-enabled',
      async ({ token }) => (await setUpFactor(token)).answer,
      ({ id, sessionId }) => ({ level: 30, userId: id, sessionId }),
    ],
    [
      'second-factor-asked',
      async ({ email, token }) => {
        await setUpFactor(token);
        return app.post('/v1/auth/login', { email, password: PASSWORD });
      },
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'second-factor-refused',
      async ({ email, token }) => {
        await setUpFactor(token);
        return app.post('/v1/auth/login', { email, password: PASSWORD, code: '000000' });
      },
      ({ id }) => ({ level: 40, userId: id }),
    ],
    [
      'recovery-codes-made',
      async ({ token }) => {
        await setUpFactor(token);
        return app.post('/v1/auth/mfa/recovery-codes', undefined, { token });
      },
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'second-factor-disabled',
      async ({ token }) => {
        await setUpFactor(token);
        return app.delete('/v1/auth/mfa', { token });
      },
      ({ id }) => ({ level: 30, userId: id, byUserId: id }),
    ],
    ['password-check-failed', (who) => change(who, 'wrong'), ({ id }) => ({ level: 40, userId: id })],
    [
      'account-deleted',
      ({ token }) => app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } }),
      ({ id }) => ({ level: 30, userId: id }),
    ],
    [
      'account-changed',
      ({ id }) => app.patch(`/v1/users/${id}`, { roles: ['customer', 'editor'] }, { token: admin }),
      ({ id }) => ({
        level: 30,
        userId: id,
        byUserId: adminId,
        roles: ['customer', 'editor'],
        status: 'active',
      }),
    ],
    [
      'signed-out-everywhere',
      ({ id }) => app.post(`/v1/users/${id}/sign-out`, undefined, { token: admin }),
      ({ id }) => ({ level: 30, userId: id, byUserId: adminId }),
    ],
  ])(
    'ASVS 16.2.1 and 16.3.1: says of %s who, to whom, when, from where and in which request',
    async (event, act, line) => {
      const who = await somebody();

      const answer = await act(who);
      const audited = linesFor(answer).filter(({ audit }) => audit !== undefined);

      expect(audited).toEqual([
        {
          audit: event,
          ...line(who),
          time: expect.any(Number),
          ip: '127.0.0.1',
          requestId: answer.headers.get('x-request-id'),
          context: 'Audit',
          msg: event,
        },
      ]);
    },
  );

  it('ASVS 16.2.1 and 16.3.1: says which service took which token of whom back', async () => {
    const { id, token, refreshToken, sessionId } = await somebody();
    const service = await makeService(app);

    const answers = [await service.revoke(token), await service.revoke(refreshToken)];

    const line = { level: 30, audit: 'token-revoked', clientId: service.id, userId: id, sessionId };
    expect(linesFor(answers[0])).toContainEqual(
      expect.objectContaining({ ...line, tokenId: partsOf(token).payload['jti'], ip: '127.0.0.1' }),
    );
    expect(linesFor(answers[1])).toContainEqual(expect.objectContaining({ ...line, ip: '127.0.0.1' }));
  });

  it('ASVS 16.3.1: says that a service failed to prove who it is, and which it claimed to be', async () => {
    const { id, secret } = await makeService(app);
    const fail = (authorization: string): Promise<Answer> =>
      sendForm(app, '/v1/oauth/introspect', { token: 'x' }, { authorization });

    const known = await fail(basic(id, 'wrong'));
    const swapped = await fail(basic(secret, id));

    expect(linesFor(known)).toContainEqual(
      expect.objectContaining({
        level: 40,
        audit: 'client-authentication-failed',
        clientId: id,
        ip: '127.0.0.1',
      }),
    );
    expect(linesFor(swapped).filter(({ audit }) => audit !== undefined)).toEqual([
      expect.not.objectContaining({ clientId: expect.anything() }),
    ]);
  });

  it('ASVS 16.3.1: says which service was made, and which was taken back', async () => {
    const { id } = await makeService(app);
    await app.nest.get(ServiceClientsService).revoke(id);

    const lines = linesOf(app.log).filter(({ clientId }) => clientId === id);

    expect(lines).toEqual([
      expect.objectContaining({ audit: 'client-created', level: 30, ip: 'local' }),
      expect.objectContaining({ audit: 'client-revoked', level: 30, ip: 'local' }),
    ]);
  });

  it('ASVS 16.3.1: says that a recovery code was used, and that it opened which session', async () => {
    const { id, email, token } = await somebody();
    const { recoveryCodes } = await setUpFactor(token);
    const answer = await app.post('/v1/auth/login', { email, password: PASSWORD, code: recoveryCodes[0] });

    expect(linesFor(answer)).toContainEqual(
      expect.objectContaining({ audit: 'recovery-code-used', userId: id }),
    );
    expect(linesFor(answer)).toContainEqual(
      expect.objectContaining({ audit: 'signed-in', userId: id, sessionId: answer.body.sessionId }),
    );
  });

  it('ASVS 16.3.1: says of a registration whose it is', async () => {
    const answer = await app.post('/v1/auth/register', { email: 'new@example.com', password: PASSWORD });

    expect(linesFor(answer)).toContainEqual(
      expect.objectContaining({ audit: 'registered', userId: answer.body.id, ip: '127.0.0.1' }),
    );
  });

  it('ASVS 16.3.1: says of a failed sign-in without an account that there is no account, and not the address', async () => {
    const answer = await app.post('/v1/auth/login', { email: 'nobody@example.com', password: 'wrong' });

    const audited = linesFor(answer).filter(({ audit }) => audit !== undefined);
    expect(audited).toEqual([
      expect.objectContaining({ level: 40, audit: 'sign-in-failed', ip: '127.0.0.1' }),
    ]);
    expect(audited[0]).not.toHaveProperty('userId');
    expect(app.log.join('')).not.toContain('nobody@example.com');
  });

  it('ASVS 16.3.3: says that a refresh token came back, and whose', async () => {
    const { id, refreshToken, sessionId } = await somebody();
    await app.post('/v1/auth/refresh', { refreshToken });
    app.clock.advance({ seconds: 11 });

    const answer = await app.post('/v1/auth/refresh', { refreshToken });

    expect(linesFor(answer)).toContainEqual(
      expect.objectContaining({
        level: 40,
        audit: 'refresh-token-reused',
        userId: id,
        sessionId,
        ip: '127.0.0.1',
      }),
    );
  });

  it.each<[string, string, number, boolean, (who: Somebody) => Promise<Answer>]>([
    ['a bad token', 'GET /v1/users/me', 401, false, () => app.get('/v1/users/me', { token: 'x.y.z' })],
    ['a role that is missing', 'GET /v1/users', 403, true, ({ token }) => app.get('/v1/users', { token })],
    [
      'a thing of somebody else',
      `DELETE /v1/auth/sessions/${NO_ID}`,
      404,
      true,
      ({ token }) => app.delete(`/v1/auth/sessions/${NO_ID}`, { token }),
    ],
    [
      'a foreign origin',
      'POST /v1/auth/logout',
      403,
      false,
      ({ token }) =>
        app.post('/v1/auth/logout', undefined, { token, headers: { origin: 'https://evil.example' } }),
    ],
  ])(
    'ASVS 16.3.2: logs the refusal of %s: what was asked, and who it was',
    async (_, what, status, isKnown, act) => {
      const who = await somebody();
      const [method, path] = what.split(' ');

      const answer = await act(who);

      expect(linesFor(answer)).toEqual([
        {
          level: 30,
          time: expect.any(Number),
          requestId: answer.headers.get('x-request-id'),
          method,
          path,
          status,
          ms: expect.any(Number),
          ip: '127.0.0.1',
          ...(isKnown && { userId: who.id }),
          msg: 'request',
        },
      ]);
    },
  );

  it('ASVS 16.3.2: logs that one account asks for a new password too often', async () => {
    const email = `${randomUUID()}@example.com`;
    const forgot = (): Promise<Answer> => limited.post('/v1/auth/password/forgot', { email });
    const limited = await startTestApp({ THROTTLE_RESET_LIMIT: '1' });

    await forgot();
    await mailsSettled(limited);
    const answer = await forgot();
    await limited.close();

    expect(linesOf(limited.log)).toContainEqual(
      expect.objectContaining({
        level: 40,
        audit: 'password-reset-limited',
        requestId: answer.headers.get('x-request-id'),
        ip: '127.0.0.1',
      }),
    );
  });

  it('ASVS 16.3.2: logs the address that a limit stopped', async () => {
    // Redis outlives a run, so each run tries an address of its own.
    const email = `${randomUUID()}@example.com`;
    const tries = Array.from({ length: 6 }, () => app.post('/v1/auth/login', { email, password: 'wrong' }));
    const answers = await Promise.all(tries);
    const stopped = answers.find(({ status }) => status === 429);

    expect(stopped && linesFor(stopped)).toContainEqual(
      expect.objectContaining({ msg: 'request', status: 429, path: '/v1/auth/login', ip: '127.0.0.1' }),
    );
  });
});
