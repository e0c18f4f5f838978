// What a token costs that is bound to a key (RFC 9449): the guarded route with a bearer token, and with a bound one and a
// fresh ES256 proof at each request, whose use is remembered in memory or in PostgreSQL.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { getRequest, load } from './load.mjs';
import { measureInTurn, Server } from './servers.mjs';
import { differences, middleHalf } from './statistics.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 21);
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 3000);
const WARM_UP = 20_000;

const SERVER = fileURLToPath(new URL('dpop-server.mjs', import.meta.url));
const POSTGRES = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const TARGET = 'http://localhost/bench';

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const database = await createDatabase();
  const memory = await Server.start(SERVER);
  const postgres = await Server.start(SERVER, { environment: { DATABASE_URL: database.url } });
  log('both servers are up');
  const cases = [
    bearerCase('memory, bearer', memory),
    boundCase('memory, bound', memory),
    bearerCase('postgres, bearer', postgres),
    boundCase('postgres, bound', postgres),
  ];
  try {
    return report(await measureInTurn(cases, { rounds: ROUNDS, log }));
  } finally {
    memory.stop();
    postgres.stop();
    await database.drop();
  }
}

// The first turn of a case warms up its server, until V8 has compiled what it will.
function bearerCase(name, server) {
  let requests;
  return {
    name,
    measure: async () => {
      if (!requests) {
        const token = await server.ask({ jkt: null });
        requests = [getRequest('/bench', { Authorization: `Bearer ${token}` })];
        await load(server.url, requests, WARM_UP);
      }
      return server.measure(requests, REQUESTS);
    },
  };
}

function boundCase(name, server) {
  const client = createClient();
  let token;
  const requests = (count) =>
    Array.from({ length: count }, () =>
      getRequest('/bench', { Authorization: `DPoP ${token}`, DPoP: client.proof(token) }),
    );
  return {
    name,
    measure: async () => {
      if (!token) {
        token = await server.ask({ jkt: client.jkt });
        // In parts: a proof is good for a minute, and the machine may be busy.
        for (let part = 0; part < 10; part++) {
          await load(server.url, requests(WARM_UP / 10), WARM_UP / 10);
        }
      }
      return server.measure(requests(REQUESTS), REQUESTS, { warmUp: requests(Math.ceil(REQUESTS / 10)) });
    },
  };
}

/** A client with a key of its own, and the proofs it makes. */
function createClient() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  const jwk = { crv, kty, x, y };
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  const proof = (token) => {
    const claims = {
      jti: randomUUID(),
      htm: 'GET',
      htu: TARGET,
      iat: Math.floor(Date.now() / 1000),
      ath: createHash('sha256').update(token).digest('base64url'),
    };
    const signed = `${header}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  };
  return { jkt: createHash('sha256').update(JSON.stringify(jwk)).digest('base64url'), proof };
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function createDatabase() {
  const name = `latchkey_bench_${process.pid}`;
  await runSql(`CREATE DATABASE ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runSql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runSql(sql) {
  const client = new pg.Client({ connectionString: POSTGRES });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function report(cpu) {
  const row = (server, name, baseline) => ({
    server,
    'us a request': middleHalf(cpu.get(name)),
    'above bearer': name === baseline ? '' : middleHalf(differences(cpu.get(name), cpu.get(baseline))),
  });
  return {
    tables: [
      {
        title: 'The guarded route, 1 kB answer',
        rows: [
          row('bearer token, embedded database', 'memory, bearer', 'memory, bearer'),
          row('bound token, proofs in memory', 'memory, bound', 'memory, bearer'),
          row('bearer token, PostgreSQL', 'postgres, bearer', 'postgres, bearer'),
          row('bound token, proofs in PostgreSQL', 'postgres, bound', 'postgres, bearer'),
        ],
      },
    ],
    notes: [
      `Medians of ${ROUNDS} rounds of ${REQUESTS} requests (quartiles in brackets), 20 keep-alive connections.`,
      'A proof of ES256 for each request, made before it is measured. PostgreSQL’s own CPU time is not counted.',
      'Other work ran on the machine meanwhile (`loadBefore` and `loadAfter`): the differences say more than the sums.',
    ],
    raw: Object.fromEntries(cpu),
  };
}
