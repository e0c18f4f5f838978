import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { type Socket, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { makeCertificate } from '../support/certificate.js';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';
import { sendRaw } from '../support/raw-http.js';

jest.setTimeout(60_000);

const POST = 'POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const TIMEOUTS = { HEADERS_TIMEOUT: '1s', REQUEST_TIMEOUT: '2s', CONNECTION_TIMEOUT: '6s' };
/** 100 MiB, once it is unpacked. */
const BOMB = gzipSync(Buffer.alloc(100 * 2 ** 20, '{"email":'));
/** Both timeouts are noticed within half a second, and whoever does not hang up then is given a second. */
const CUT_OFF_MS = 6000;

describe('clients that mean harm', () => {
  let database: TestDatabase;
  let app: AppProcess;
  let client: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = new AppProcess({
      ...database.environment,
      ...TIMEOUTS,
      MAX_CONNECTIONS: '6000',
      LOG_LEVEL: 'warn',
    });
    client = await app.listening();
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const isServing = async (): Promise<boolean> => (await client.get('/v1/products?limit=1')).status === 200;
  const memoryMB = (): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${app.id}/status`, 'utf8'))?.[1]) / 1024;

  const openFiles = (): number => readdirSync(`/proc/${app.id}/fd`).length;

  function open({ allowHalfOpen = false, url = client.url } = {}): Socket {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen });
    socket.on('error', () => socket.destroy()); // to be cut off is what is expected
    return socket.resume();
  }

  /** What was answered until the server closed, and after how many milliseconds that was. */
  async function untilClosed(socket: Socket): Promise<{ text: string; ms: number }> {
    const begin = performance.now();
    let text = '';
    socket.on('data', (bytes) => (text += String(bytes)));
    await new Promise((closed) => socket.once('close', closed)); // whether an error led to it or not
    return { text, ms: performance.now() - begin };
  }

  it.each([
    ['its headers', 'GET /v1/products HTTP/1.1\r\nHost: loc'],
    ['its body', `${POST}Content-Length: 100\r\n\r\n{"email":`],
    ['its chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n9\r\n{"email":\r\n`],
  ])('API4:2023: cuts off who sends %s a byte at a time, and serves others meanwhile', async (_, begin) => {
    const socket = open();
    const closed = untilClosed(socket);
    socket.write(begin);
    const drip = setInterval(() => socket.write(' '), 100);

    const served = await isServing();
    const { text, ms } = await closed;
    clearInterval(drip);

    expect(served).toBe(true);
    expect(text).toMatch(/^HTTP\/1\.1 (408|400) /);
    expect(ms).toBeLessThan(CUT_OFF_MS);
  });

  it.each([
    ['half of its headers', 'GET /v1/products HTTP/1.1\r\nHost: loc'],
    ['half of its body', `${POST}Content-Length: 100\r\n\r\n{"email":`],
    ['what is no HTTP', 'GARBAGE\r\n\r\n'],
  ])('API4:2023: does not wait for who has sent %s to hang up', async (_, begin) => {
    const before = openFiles();
    const sockets = Array.from({ length: 20 }, () => open({ allowHalfOpen: true }));
    sockets.forEach((socket) => socket.write(begin));
    await Promise.all(sockets.map((socket) => once(socket, 'end')));

    await until(() => openFiles() < before + 10, 4000); // not only when nothing has come for long

    expect(sockets.some(({ destroyed }) => destroyed)).toBe(false); // they wait still
    sockets.forEach((socket) => socket.destroy());
  });

  it('API4:2023: cuts off who asks and does not read, over HTTP/1.1', async () => {
    const before = memoryMB();
    const socket = open().pause();
    socket.write('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100));
    await pause(15_000); // twice the timeout: Node looks again whether anything has gone out
    const grown = memoryMB() - before;

    const { text } = await untilClosed(socket.resume()); // what the systems between have kept

    expect(text.match(/^HTTP\/1\.1 200/gm)?.length).toBeLessThan(100);
    expect(await isServing()).toBe(true);
    expect(grown).toBeLessThan(150);
  });

  it('API4:2023: cuts off who sends headers slowly over TLS, or a body over HTTP/2, or does not read there', async () => {
    const other = await createTestDatabase();
    const tls = new AppProcess({
      ...other.environment,
      ...TIMEOUTS,
      ...makeCertificate(),
      LOG_LEVEL: 'warn',
    });
    const { url } = await tls.listening();
    const socket = connectTls({
      port: Number(new URL(url).port),
      host: '127.0.0.1',
      rejectUnauthorized: false,
    });
    socket.on('error', () => socket.destroy());
    socket.write('GET /v1/products HTTP/1.1\r\nHost: loc');
    const silent = connect(Number(new URL(url).port), '127.0.0.1'); // not even a handshake
    silent.on('error', () => silent.destroy());
    const deaf = connectHttp2(url, { rejectUnauthorized: false, settings: { initialWindowSize: 0 } });
    const unread = deaf.request({ ':path': '/openapi.json' });
    const pings = setInterval(() => deaf.ping(() => undefined), 100);
    const session = connectHttp2(url, { rejectUnauthorized: false });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/v1/auth/login',
      'content-type': 'application/json',
    });
    stream.on('error', () => stream.destroy());
    const drip = setInterval(() => stream.write(' '), 100);

    const [{ ms }, { ms: silentMs }] = await Promise.all([
      untilClosed(socket),
      untilClosed(silent),
      once(stream, 'close'),
      once(unread, 'close'),
    ]);
    clearInterval(drip);
    clearInterval(pings);
    session.close();
    deaf.close();

    expect(Math.max(ms, silentMs)).toBeLessThan(CUT_OFF_MS);
    expect([stream.rstCode, unread.rstCode]).toEqual([8, 8]); // CANCEL (RFC 9113 7)
    expect(await tls.stop()).toBe(0);
    await other.drop();
  });

  it('API4:2023: serves others while 5,000 connections say nothing, in little memory', async () => {
    const before = memoryMB();
    const sockets = Array.from({ length: 5000 }, () => open());
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));

    const served = await isServing();
    const grown = memoryMB() - before;
    sockets.forEach((socket) => socket.destroy());

    expect(served).toBe(true);
    expect(grown).toBeLessThan(150);
  });

  it('API4:2023: takes no more connections than are set, and serves again when some are gone', async () => {
    const other = await createTestDatabase();
    // Nobody is cut off for saying nothing meanwhile.
    const patient = new AppProcess({ ...other.environment, HEADERS_TIMEOUT: '30s', MAX_CONNECTIONS: '100' });
    const there = await patient.listening();
    const sockets = Array.from({ length: 150 }, () => open(there));
    const refused = (): number => sockets.filter(({ destroyed }) => destroyed).length;

    await until(() => refused() >= 50, 15_000);
    await pause(500);
    const refusedInAll = refused();
    sockets.forEach((socket) => socket.destroy());

    expect(refusedInAll).toBe(50);
    const isBack = (): Promise<boolean> =>
      there.get('/health/live').then(
        ({ status }) => status === 200,
        () => false, // refused still
      );
    await until(isBack, 15_000);
    expect(await patient.stop()).toBe(0);
    await other.drop();
  });

  it.each([
    ['is cut off in the middle', `${POST}Content-Length: 100\r\n\r\n{"email":"a`],
    ['breaks off in a chunk', `${POST}Transfer-Encoding: chunked\r\n\r\nff\r\n{"email"`],
  ])('API4:2023: forgets a request whose body %s', async (_, request) => {
    const socket = open();
    socket.end(request);

    await untilClosed(socket);

    expect(await isServing()).toBe(true);
  });

  it.each([
    ['a length and chunks', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}`],
    ['a negative length', `${POST}Content-Length: -1\r\n\r\n{}`],
    ['a length in words', `${POST}Content-Length: two\r\n\r\n{}`],
    ['chunks inside of chunks', `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk that is longer than it says', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
    ['no Host', 'GET /v1/products HTTP/1.1\r\n\r\n'],
    ['a bare line feed', 'GET /v1/products HTTP/1.1\nHost: localhost\n\n'],
    ['another protocol', Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1')],
  ])('RFC 9112 6.3: refuses a request with %s and closes', async (_, request) => {
    const { status } = await sendRaw(client.url, request);

    expect(status).toBe(400);
    expect(await isServing()).toBe(true);
  });

  it('RFC 9112 9.3.2: answers nothing that stands behind garbage in a pipeline', async () => {
    const good = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const garbage = randomBytes(2000).toString('latin1');

    const socket = open();
    socket.write(`${garbage}\r\n\r\n${good}${good}`, 'latin1');
    const { text } = await untilClosed(socket);

    expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400']);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'gzip, gzip', 'identity, gzip'])(
    'RFC 9110 8.4: refuses a body in the coding %s without unpacking it',
    async (coding) => {
      const before = memoryMB();

      const answer = await client.post('/v1/auth/login', BOMB, { headers: { 'content-encoding': coding } });

      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
      expect(answer.headers.get('accept-encoding')).toBe('identity');
      expect(memoryMB() - before).toBeLessThan(50);
    },
  );

  it('ASVS 16.5.1: has had no reason to log an error', () => {
    expect(app.output.split('\n').filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
    expect(app.errors).toBe('');
  });
});
