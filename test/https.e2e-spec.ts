import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { METHODS } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { request } from 'node:https';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { makeCertificate } from './support/certificate.js';
import { AppProcess, killProcesses, until } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

describe('HTTPS with a certificate of our own', () => {
  let database: TestDatabase;
  let app: AppProcess;
  let port: number;
  let ca: Buffer;
  let files: { TLS_CERT_FILE: string; TLS_KEY_FILE: string };
  beforeAll(async () => {
    database = await createTestDatabase();
    files = makeCertificate();
    ca = readFileSync(files.TLS_CERT_FILE);
    app = new AppProcess({ ...database.environment, ...files });
    port = Number(new URL((await app.listening()).url).port);
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  async function get(session: ClientHttp2Session, path: string): Promise<{ status: number; body: string }> {
    const stream = session.request({ ':path': path, authorization: 'Bearer none' });
    const [headers] = await once(stream, 'response');
    return { status: Number(headers[':status']), body: await text(stream) };
  }

  it('speaks HTTP/1.1, and says that it is to be asked over HTTPS from now on (RFC 6797 7.1)', async () => {
    const sent = request({ host: '127.0.0.1', port, path: '/health/live', ca }).end();
    const [response] = await once(sent, 'response');

    expect(response.httpVersion).toBe('1.1');
    expect(response.statusCode).toBe(200);
    expect(response.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(JSON.parse(await text(response))).toEqual({ status: 'ok' });
  });

  it('refuses HTTP/1.1 without a Host with a problem (RFC 9112 3.2)', async () => {
    const sent = request({ host: '127.0.0.1', port, path: '/v1/products', ca, setHost: false }).end();
    const [response] = await once(sent, 'response');

    expect(response.statusCode).toBe(400);
    expect(response.headers).toMatchObject({ ratelimit: expect.any(String) });
    expect(JSON.parse(await text(response))).toMatchObject({
      detail: 'A request must have one Host header.',
    });
  });

  it('speaks HTTP/2, many requests at once over one connection, guards and all', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });

    const answers = await Promise.all([
      get(session, '/health/live'),
      get(session, '/v1/products'),
      get(session, '/v1/users/me'),
      get(session, '/nowhere'),
      get(session, '/v1/users/%zz'),
    ]);
    session.close();

    expect(session.alpnProtocol).toBe('h2');
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 404, 400]);
    expect(answers.map(({ body }) => JSON.parse(body).code)).toEqual([
      undefined,
      'invalid-token',
      'invalid-token',
      'not-found',
      'bad-request',
    ]);
  });

  /** The answer to a request over HTTP/2, and the line that is logged of it. */
  async function ask(headers: OutgoingHttpHeaders) {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
    const stream = session.request(headers);
    const [answer] = await once(stream, 'response');
    const body = JSON.parse(await text(stream));
    session.close();
    const isOfIt = (line: string): boolean => line.includes(String(answer['x-request-id']));
    await until(() => app.output.split('\n').some(isOfIt), 10_000);
    return { answer, body, line: JSON.parse(app.output.split('\n').find(isOfIt) ?? '') };
  }

  it.each<[string, OutgoingHttpHeaders, string]>([
    ['FOO', { ':path': '/v1/products?secret' }, '/v1/products'],
    ['get', { ':path': '/v1/products?secret' }, '/v1/products'],
    ['X'.repeat(100), { ':path': '/v1/products?secret' }, '/v1/products'],
    ['CONNECT', { ':authority': 'shop.example:443' }, 'shop.example:443'],
  ])(
    'counts, measures and logs a request of a method that there is not: %s',
    async (method, headers, path) => {
      const { answer, body, line } = await ask({ ':method': method, ...headers });
      const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
      const metrics = await get(session, '/metrics');
      session.close();

      expect(answer).toMatchObject({
        ':status': 400,
        'x-content-type-options': 'nosniff',
        ratelimit: expect.any(String),
      });
      expect(body).toMatchObject({ code: 'bad-request', detail: 'There is no such method.' });
      expect(line).toMatchObject({ method: method.slice(0, 32), path, status: 400, msg: 'request' });
      expect(metrics.body).toMatch(/count\{method="unknown",route="\/unreadable-path",status="400"\} [1-9]/);
    },
  );

  it('knows what to do with every method that Node knows', async () => {
    const answers = await Promise.all(
      METHODS.filter((method) => method !== 'CONNECT' && method !== 'HEAD').map((method) =>
        ask({ ':method': method, ':path': '/nowhere/%zz' }),
      ),
    );

    expect(answers.every(({ answer }) => [400, 404, 204].includes(Number(answer[':status'])))).toBe(true);
    expect(app.output).not.toContain('fastify bug');
  });

  it('takes no notice of what a client expects beside 100-continue (RFC 9110 10.1.1)', async () => {
    const { answer, line } = await ask({ ':path': '/v1/users/me', expect: 'sorcery' });

    expect(answer[':status']).toBe(401);
    expect(line).toMatchObject({ path: '/v1/users/me', status: 401, ip: '127.0.0.1' });
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca,
      minVersion: version,
      maxVersion: version,
      ciphers: 'ALL:@SECLEVEL=0',
    });

    await expect(once(socket, 'secureConnect')).rejects.toThrow(/protocol version|alert/);
  });

  it('takes a new certificate without dropping the connections it has', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
    const before = await get(session, '/health/live');

    makeCertificate(dirname(files.TLS_CERT_FILE));
    const renewed = new X509Certificate(readFileSync(files.TLS_CERT_FILE));
    await until(async () => (await presented()).fingerprint256 === renewed.fingerprint256, 15_000);
    const after = await get(session, '/health/live');
    const closed = session.closed;
    session.close();

    expect([before.status, after.status, closed]).toEqual([200, 200, false]);
  });

  it('keeps the certificate it has when the new one is broken, and says so in the log', async () => {
    const kept = await presented();
    const good = readFileSync(files.TLS_CERT_FILE);

    writeFileSync(files.TLS_CERT_FILE, 'no certificate');
    await until(() => app.output.includes('cannot be used'), 15_000);
    const meanwhile = await presented();
    writeFileSync(files.TLS_CERT_FILE, good);

    expect(meanwhile.fingerprint256).toBe(kept.fingerprint256);
  });

  it('ends well while an HTTP/2 connection is open', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: readFileSync(files.TLS_CERT_FILE) });
    await get(session, '/health/live');

    const exitCode = await app.stop();

    expect(exitCode).toBe(0);
  });

  async function presented(): Promise<{ fingerprint256: string }> {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    return certificate;
  }
});
