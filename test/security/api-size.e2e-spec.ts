import { type Socket, connect } from 'node:net';
import { once } from 'node:events';
import { type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { until } from '../support/process.js';
import { inBatches } from './support/in-batches.js';
import { usedMemory } from './support/memory.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

const MIB = 1_048_576;

describe('what is too much', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signIn('admin');
  });
  afterAll(() => app.close());

  const login = (body: string): Promise<Answer> => app.post('/v1/auth/login', body);
  const nested = (depth: number): string => `{"email":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

  /** How long it takes, in milliseconds. */
  async function timeOf(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return performance.now() - start;
  }

  it('API4:2023: answers a body over 1 MiB with 413, and reads one of exactly 1 MiB', async () => {
    const frame = JSON.stringify({ email: '', password: 'x' }).length;
    const exact = JSON.stringify({ email: 'x'.repeat(MIB - frame), password: 'x' });

    const answers = [await login(exact), await login(`${exact} `), await login('x'.repeat(3 * MIB))];

    expect(Buffer.byteLength(exact)).toBe(1_048_576);
    expect(answers.map(({ status }) => status)).toEqual([422, 413, 413]);
  });

  it('API4:2023: answers a body over 1 MiB with 413 though it comes in pieces and does not say how long it is', async () => {
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const head = 'POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

    const answer = await sendRaw(
      app.url,
      `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${piece.repeat(17)}0\r\n\r\n`,
    );

    expect(answer.status).toBe(413);
  });

  it('API4:2023: refuses JSON that nests deeper than 20 levels, at once', async () => {
    const answers = [await login(nested(20)), await login(nested(21))];
    const bombs = [`${'['.repeat(MIB)}`, `${'{"a":'.repeat(200_000)}`, `"${'['.repeat(MIB - 10)}"`];
    const time = await timeOf(() => Promise.all(bombs.map(login)));

    expect(answers.map(({ status }) => status)).toEqual([422, 400]);
    expect(time).toBeLessThan(1000);
  });

  it.each([
    [
      '150,000 numbers in a list',
      'PATCH',
      JSON.stringify({ roles: Array.from({ length: 150_000 }, (_, n) => n) }),
    ],
    ['100,000 unknown fields', 'POST', `{${Array.from({ length: 100_000 }, (_, n) => `"${n}":0`).join()}}`],
    [
      '300,000 empty objects in a list',
      'POST',
      `{"email":[${Array.from({ length: 300_000 }, () => '{}').join()}]}`,
    ],
  ])('API4:2023: refuses a body with %s, at once and with a short answer', async (_, method, body) => {
    const path = method === 'PATCH' ? '/v1/users/019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' : '/v1/auth/register';
    let answer: Answer | undefined;

    const time = await timeOf(async () => {
      answer = await app.send(method, path, { body, token: admin });
    });

    expect(answer?.status).toBe(400);
    expect(answer?.text.length).toBeLessThan(1000);
    expect(time).toBeLessThan(1000);
  });

  it.each([
    ['letters', 'a'],
    ['at signs', '@'],
    ['spaces', ' '],
    ['dots', '.'],
    ['quotes', '\\"'],
    ['angle brackets', '<'],
  ])(
    'API4:2023: checks an address, a name and a password of half a million %s at once',
    async (_, character) => {
      const long = character.repeat(500_000);
      const statuses: number[] = [];

      const time = await timeOf(async () => {
        for (const body of [
          `{"email":"${long}","password":"x7$kQ2!p"}`,
          `{"email":"a@${long}.de","password":"x7$kQ2!p"}`,
          `{"email":"a@example.com","password":"x7$kQ2!p","displayName":"${long}"}`,
          `{"email":"a@example.com","password":"${long}"}`,
        ]) {
          statuses.push((await app.post('/v1/auth/register', body)).status);
        }
      });

      expect(statuses).toEqual([422, 422, 422, 422]);
      expect(time).toBeLessThan(1500);
    },
  );

  it.each(['0', '-1', '101', '100000', '1e9', '1.5', 'NaN', 'Infinity', '', 'ten', '1,2', '20&limit=20'])(
    'API4:2023: refuses limit=%s',
    async (limit) => {
      const answer = await app.get(`/v1/users?limit=${limit}`, { token: admin });

      expect(answer.status).toBe(422);
    },
  );

  it('API4:2023: refuses 10,000 query parameters, and 101 unknown ones, in few words', async () => {
    const many = await sendRaw(app.url, rawRequest('GET', `/v1/users?${'a=b&'.repeat(10_000)}`));
    const some = await app.get(`/v1/users?${Array.from({ length: 101 }, (_, n) => `p${n}=1`).join('&')}`, {
      token: admin,
    });
    const repeated = await app.get(`/v1/users?${'email=a&'.repeat(1500)}`, { token: admin });

    expect([many.status, some.status, repeated.status]).toEqual([431, 400, 422]);
    expect([some, repeated].map(({ text }) => text.length < 1000)).toEqual([true, true]);
  });

  it('API4:2023: goes on answering while 500 connections hold half a request each', async () => {
    const { hostname, port } = new URL(app.url);
    const sockets: Socket[] = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect(Number(port), hostname);
        await once(socket, 'connect');
        socket.write(
          'POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"email":',
        );
        return socket;
      }),
    );

    let status: number | undefined;
    const time = await timeOf(async () => {
      ({ status } = await app.get('/v1/users/me', { token: admin }));
    });
    sockets.forEach((socket) => socket.destroy());

    expect(status).toBe(200);
    expect(time).toBeLessThan(1000);
  });

  it('API4:2023: keeps nothing of what it refuses', async () => {
    const refused = [
      () => login(`${'['.repeat(500_000)}`),
      () => login(JSON.stringify({ email: 'x'.repeat(500_000) })),
      () => app.get('/v1/users/me', { token: 'x'.repeat(8000) }),
    ];
    const sendMany = (count: number): Promise<unknown> =>
      inBatches([...Array(count).keys()], (index) => refused[index % refused.length]?.() ?? login(''));
    await sendMany(150); // connections and buffers of the client are made once
    const before = usedMemory();

    await sendMany(300);

    // What the client had sent is let go of a few turns after it was collected.
    await until(() => usedMemory() - before < 20 * MIB, 10_000);
  });
});
