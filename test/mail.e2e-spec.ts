import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import { MailRoom } from '../src/mail/mail-room.js';
import { errorsIn, linesOf } from './security/support/log-lines.js';
import { type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { MailServer } from './support/mail-server.js';
import { askForToken, mailFolderOf, resetTokenIn } from './support/mailbox.js';

const EMAIL = 'ada@example.com';

describe('mail', () => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(environment: Record<string, string> = {}): Promise<TestApp> {
    app = await startTestApp(environment);
    await app.register(EMAIL);
    return app;
  }

  const forgot = (on: TestApp): Promise<Answer> => on.post('/v1/auth/password/forgot', { email: EMAIL });

  it('goes to the mail server of MAIL_URL, encrypted where the server can', async () => {
    const server = await MailServer.start();
    const on = await start({
      MAIL_URL: `smtp://shop:a%2Fb@${server.address}`,
      MAIL_FROM: 'Shop <shop@example.com>',
    });

    const asked = await forgot(on);
    await on.nest.get(MailRoom, { strict: false }).settled();
    const reset = await on.post('/v1/auth/password/reset', {
      token: resetTokenIn(server.deliveries[0]),
      newPassword: 'a tall ship and a star',
    });
    await on.nest.get(MailRoom, { strict: false }).settled();
    await server.stop();

    expect([asked.status, reset.status]).toEqual([202, 204]);
    expect(server.deliveries).toEqual([
      expect.objectContaining({
        from: 'Shop <shop@example.com>',
        to: EMAIL,
        recipients: [EMAIL],
        subject: 'Set a new password',
        user: 'shop',
        wasEncrypted: true,
      }),
      expect.objectContaining({ subject: 'Your password was changed', recipients: [EMAIL] }),
    ]);
    expect(server.deliveries[0]?.headers).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(linesOf(on.log).filter(({ context }) => context === 'Mail')).toEqual([]);
  });

  it('leads to the page of PASSWORD_RESET_URL', async () => {
    const server = await MailServer.start();
    const on = await start({
      MAIL_URL: `smtp://${server.address}`,
      PASSWORD_RESET_URL: 'https://shop.example/account?view=reset',
    });

    await forgot(on);
    await on.nest.get(MailRoom, { strict: false }).settled();
    await server.stop();

    expect(server.deliveries[0]?.text).toMatch(
      /^https:\/\/shop\.example\/account\?view=reset#token=[\w-]{43}$/m,
    );
  });

  it('that finds its server dead is logged, and the request is answered all the same', async () => {
    const server = await MailServer.start();
    const { address } = server;
    await server.stop();
    const on = await start({ MAIL_URL: `smtp://${address}` });

    const asked = await forgot(on);
    await on.nest.get(MailRoom, { strict: false }).settled();

    expect(asked.status).toBe(202);
    expect(errorsIn(on.log)).toEqual([
      expect.objectContaining({
        msg: 'A mail could not be sent',
        mail: 'password-reset',
        err: expect.objectContaining({ message: expect.stringContaining('ECONNREFUSED') }),
      }),
    ]);
  });

  it('that is refused is logged with what the server said, without the address', async () => {
    const server = await MailServer.start(() => false);
    const on = await start({ MAIL_URL: `smtp://${server.address}` });

    const asked = await forgot(on);
    await on.nest.get(MailRoom, { strict: false }).settled();
    await server.stop();

    expect(asked.status).toBe(202);
    expect(errorsIn(on.log)).toEqual([
      expect.objectContaining({
        err: expect.objectContaining({ message: 'The mail server answered 550 to RCPT TO.' }),
      }),
    ]);
    expect(on.log.join('')).not.toContain(EMAIL);
  });

  it('that cannot be written, for the database is away, is logged too', async () => {
    const on = await start();
    await on.database.query('ALTER TABLE password_reset_tokens RENAME TO missing');

    const asked = await forgot(on);
    await on.nest.get(MailRoom, { strict: false }).settled();

    expect(asked.status).toBe(202);
    expect(errorsIn(on.log)).toEqual([expect.objectContaining({ mail: 'password-reset' })]);
    expect(on.log.join('')).not.toContain(EMAIL);
  });

  it('under way is sent before the process stops', async () => {
    const server = await MailServer.start();
    const on = await start({ MAIL_URL: `smtp://${server.address}` });

    await forgot(on);
    await on.nest.close();
    const sent = server.deliveries.length;
    await server.stop();

    expect(sent).toBe(1);
  });

  it('is no longer taken where a silent server holds too many up, whatever the address', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    // A server that listens on a port of TCP has an address of this kind.
    const on = await start({ MAIL_URL: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}` });
    const room = on.nest.get(MailRoom, { strict: false });
    const mail = { to: EMAIL, subject: 'x', text: 'x' };
    while (!room.isFull) {
      room.post('password-changed', () => Promise.resolve(sockets.size > 4 ? null : mail));
    }

    const answers = [await forgot(on), await on.post('/v1/auth/password/forgot', { email: 'x@example.com' })];
    silent.close();
    sockets.forEach((socket) => socket.destroy());
    await room.settled();

    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [503, '60'],
      [503, '60'],
    ]);
    expect(room.isFull).toBe(false);
  });

  it('becomes a file that only its owner can read where there is no MAIL_URL, and the start says so', async () => {
    const on = await start();

    const token = await askForToken(on, EMAIL);
    const folder = mailFolderOf(on);
    const [name = ''] = readdirSync(folder);

    expect(token).toHaveLength(43);
    expect(name).toMatch(/^[0-9a-f-]{36}\.eml$/);
    // As it stands in the file: whoever has no mail program copies the link.
    const source = readFileSync(join(folder, name), 'utf8');
    expect(source).toMatch(/^http:\/\/localhost:5173\/reset-password#token=[\w-]{43}$/m);
    expect(source).toMatch(/^Content-Transfer-Encoding: 8bit$/m);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(linesOf(on.log).filter(({ context }) => context === 'Mail')).toEqual([
      expect.objectContaining({
        level: 30,
        msg: `MAIL_URL is not set: each mail becomes a file in ${folder}, for a mail program to open`,
      }),
    ]);
  });
});
