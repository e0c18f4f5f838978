import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { type Socket, connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { Metrics } from '../../src/operations/metrics/metrics.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { makeCertificate } from '../support/certificate.js';
import { until } from '../support/process.js';
import { linesOf } from './support/log-lines.js';

const CONNECTIONS = 20;
const REQUESTS = 50;
/** The level of the log's lines for debugging. */
const DEBUG = 20;
const PATHS = ['/v1/products', '/v1/users/me', '/health/live', '/nowhere', '/docs', '/v1/users/%zz'];

const pathOf = (index: number): string => PATHS[index % PATHS.length] ?? '/';

/** Sends many requests and resets the connection at once, so that it is gone before the first of them is read. */
async function vanishOverHttp1(url: string, headers = ''): Promise<void> {
  const socket = await connectTo(url);
  const requests = Array.from(
    { length: REQUESTS },
    (_, index) => `GET ${pathOf(index)} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`,
  );
  socket.write(requests.join(''));
  socket.resetAndDestroy();
}

async function vanishOverHttp2(url: string): Promise<void> {
  const socket = await connectTo(url);
  const tls = connectTls({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  tls.on('error', () => tls.destroy());
  await once(tls, 'secureConnect');
  const session: ClientHttp2Session = connectHttp2(url, { createConnection: () => tls });
  session.on('error', () => session.destroy());
  await once(session, 'remoteSettings');
  for (let index = 0; index < REQUESTS; index++) {
    session.request({ ':path': pathOf(index) }).on('error', () => undefined);
  }
  await nextTurn(); // in which they are written
  socket.resetAndDestroy();
}

async function connectTo(url: string): Promise<Socket> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

describe('clients that are gone before their requests are read', () => {
  /** The series of requests that have been answered. */
  const countedIn = (metrics: string): string[] =>
    metrics.split('\n').filter((line) => line.startsWith('http_request_duration_seconds_count'));

  describe.each<[string, Record<string, string>, (url: string) => Promise<void>]>([
    ['HTTP/1.1', {}, vanishOverHttp1],
    [
      'HTTP/1.1 from a proxy',
      { TRUSTED_PROXIES: '127.0.0.1' },
      (url) => vanishOverHttp1(url, 'X-Forwarded-For: 192.0.2.1\r\n'),
    ],
    ['HTTP/2', makeCertificate(), vanishOverHttp2],
  ])('over %s', (_, environment, vanish) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp(environment);
    });
    afterAll(() => app.close());

    const connections = (): Promise<number> =>
      new Promise((done) => {
        app.nest.getHttpServer().getConnections((_error: Error | null, count: number) => done(count));
      });

    it('API4:2023: are answered nothing, and fill no log', async () => {
      const before = app.log.length;
      for (let taken = 0; taken < CONNECTIONS; taken++) {
        await vanish(app.url);
      }
      await until(async () => (await connections()) === 0, 10_000);

      const counted = countedIn(await app.nest.get(Metrics).text());

      const lines = linesOf(app.log.slice(before)).filter(({ level }) => Number(level) > DEBUG);
      expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set());
      expect(counted).toEqual([]);
    });
  });
});
