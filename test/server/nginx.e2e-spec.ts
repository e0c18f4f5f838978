import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { type SecureAnswer, sendSecurely } from '../security/support/secure-server.js';
import { makeCertificate } from '../support/certificate.js';
import { type Client, type Answer } from '../support/client.js';
import { AppProcess, PASSWORD, killProcesses, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

const EMAIL = 'ada@example.com';

describe('two processes in production behind nginx', () => {
  let database: TestDatabase;
  let nginx: ChildProcess;
  let direct: Client;
  let url: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const port = await freePort();
    url = `https://localhost:${port}`;
    const environment = {
      ...database.environment,
      NODE_ENV: 'production',
      KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64'),
      JWT_ISSUER: url,
      TRUSTED_PROXIES: '127.0.0.1/32',
    };
    const clients = await Promise.all([
      new AppProcess(environment).listening(),
      new AppProcess(environment).listening(),
    ]);
    [direct] = clients;
    nginx = startNginx(
      port,
      clients.map((client) => new URL(client.url).host),
    );
    await until(() => isListening(url), 5000);
    await send('POST', '/v1/auth/register', { email: EMAIL, password: PASSWORD });
  });
  afterAll(async () => {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
    await killProcesses();
    await database.drop();
  });

  const send = (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<SecureAnswer> => sendSecurely(url, method, path, body, headers);
  const signIn = (headers?: Readonly<Record<string, string>>): Promise<SecureAnswer> =>
    send('POST', '/v1/auth/login', { email: EMAIL, password: PASSWORD }, headers);
  const lastSession = async (): Promise<unknown> =>
    (
      await runSql(
        database.environment['DATABASE_URL'] ?? '',
        'SELECT ip FROM sessions ORDER BY id DESC LIMIT 1',
      )
    )[0];

  it('serve HTTPS, and set cookies that are for HTTPS and this host only', async () => {
    const signedIn = await signIn();

    expect(signedIn.status).toBe(200);
    expect(signedIn.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(signedIn.cookies).toEqual([
      expect.stringMatching(/^__Host-latchkey-refresh=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict$/),
      expect.stringMatching(/^__Host-latchkey-device=[\w.-]+; .*HttpOnly; Secure; SameSite=Strict$/),
    ]);
  });

  it('take a page of their own origin for one, and no other', async () => {
    const cookie = (await signIn()).cookies[0]?.split(';')[0] ?? '';

    const foreign = await send('POST', '/v1/auth/refresh', {}, { cookie, origin: 'https://evil.example' });
    const own = await send('POST', '/v1/auth/refresh', {}, { cookie, origin: url });

    expect([foreign.status, own.status]).toEqual([403, 200]);
  });

  it('are told by nginx who the client is, whatever the client says of itself', async () => {
    await signIn({ 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' });

    expect(await lastSession()).toEqual({ ip: '127.0.0.1' });
  });

  it.each(['other.example', '127.0.0.1'])('are not reached by another name: %s', async (host) => {
    await expect(send('GET', '/health/live', undefined, { host })).rejects.toThrow('unrecognized name');

    const socket = connect({
      port: Number(new URL(url).port),
      servername: 'localhost',
      rejectUnauthorized: false,
    });
    socket.end(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(await text(socket)).toBe('');
  });

  it('take an import that is larger than any other body', async () => {
    await runSql(
      database.environment['DATABASE_URL'] ?? '',
      `UPDATE users SET roles = '{customer,editor}' WHERE email = '${EMAIL}'`,
    );
    const { accessToken } = JSON.parse((await signIn()).text);

    const { status } = await send('POST', '/v1/catalog/imports', 'x'.repeat(3_000_000), {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/x-ndjson',
    });

    expect(status).toBe(202);
  });

  it('refuse plain HTTP with a problem, and redirect nobody', async () => {
    const answer: Answer = await direct.post('/v1/auth/login', { email: EMAIL, password: PASSWORD });

    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(answer.headers.get('location')).toBeNull();
  });

  it.each(['/v1/users/%zz', '/health/%zz', `/v1/users/${'x'.repeat(2000)}`])(
    'refuse plain HTTP before they say that they cannot read the address %.20s',
    async (path) => {
      expect(await direct.get(path)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    },
  );
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function isListening(address: string): Promise<boolean> {
  return sendSecurely(address, 'GET', '/health/live').then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Runs deploy/nginx/latchkey.conf with nothing changed but addresses and files. */
function startNginx(port: number, upstreams: readonly string[]): ChildProcess {
  const folder = mkdtempSync(join(process.env['TEST_FOLDER'] ?? '', 'nginx-'));
  const { TLS_CERT_FILE, TLS_KEY_FILE } = makeCertificate();
  const site = readFileSync('deploy/nginx/latchkey.conf', 'utf8')
    .replaceAll(/ +listen \[::\]:443.*\n/g, '')
    .replaceAll('listen 443 ', `listen 127.0.0.1:${port} `)
    .replaceAll('api.shop.example', 'localhost')
    .replace('server 127.0.0.1:3000;', `server ${upstreams[0]};`)
    .replace('server 127.0.0.1:3001;', `server ${upstreams[1]};`)
    .replace('/etc/ssl/latchkey/cert.pem', TLS_CERT_FILE)
    .replace('/etc/ssl/latchkey/key.pem', TLS_KEY_FILE);
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'latchkey.conf'), site);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; user root; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log; events {}
     http {
       access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
       fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
       include ${folder}/latchkey.conf;
     }`,
  );
  return spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' });
}
