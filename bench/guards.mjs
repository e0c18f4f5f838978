// What guarding a route costs: the same route behind nothing, behind each of our guards, and behind the stock ones.
import { fileURLToPath } from 'node:url';
import { getRequest, load } from './load.mjs';
import { measureInTurn, Server } from './servers.mjs';
import { differences, median, middleHalf } from './statistics.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 21);
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 5000);
const WARM_UP = 20_000;
const MANY_TOKENS = 5000;

const SERVER = fileURLToPath(new URL('guards-server.mjs', import.meta.url));

/** Servers by variant (guards-server.mjs), in the order of their turns. */
const VARIANTS = [
  ['bare', 'bare route'],
  ['house-0', 'all our modules, no guard'],
  ['house-1', '+ AddressThrottlerGuard'],
  ['house-2', '+ JwtAuthGuard with TokenBlacklist'],
  ['house-3', '+ RolesGuard'],
  ['house-4', '+ PrincipalThrottlerGuard: the whole chain'],
  ['stock-throttler', 'stock ThrottlerGuard'],
  ['stock-pem', 'stock ThrottlerGuard and AuthGuard, ES256, PEM string'],
  ['stock-key-object', 'stock ThrottlerGuard and AuthGuard, ES256, key object'],
  ['stock-secret', 'stock ThrottlerGuard and AuthGuard, HS256, secret string'],
  ['no-op-1', '1 guard that does nothing'],
  ['no-op-4', '4 guards that do nothing'],
  ['house-edge', 'the whole chain behind our HTTP edge'],
];
const WITH_MANY_TOKENS = ['bare', 'house-4', 'stock-pem', 'stock-key-object', 'stock-secret'];

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const servers = new Map();
  for (const [variant] of VARIANTS) {
    servers.set(variant, await Server.start(SERVER, { args: [variant] }));
    log(`${variant} is up`);
  }
  const cases = [
    ...VARIANTS.map(([variant]) => caseOf(variant, servers.get(variant), 1)),
    ...WITH_MANY_TOKENS.map((variant) => caseOf(variant, servers.get(variant), MANY_TOKENS)),
    newTokensCase(servers.get('house-4')),
  ];
  const results = await measureInTurn(cases, { rounds: ROUNDS, log });
  servers.forEach((server) => server.stop());
  return report(results);
}

// Its first turn warms up the server, until V8 has compiled what it will.
function caseOf(variant, server, tokens) {
  let requests;
  return {
    name: `${variant}, ${tokens}`,
    measure: async () => {
      if (!requests) {
        requests = requestsWith(await server.ask({ tokens }));
        await load(server.url, requests, WARM_UP);
      }
      return server.measure(requests, REQUESTS);
    },
  };
}

function newTokensCase(server) {
  return {
    name: 'house-4, new',
    measure: async () => {
      const requests = requestsWith(await server.ask({ tokens: REQUESTS }));
      return server.measure(requests, REQUESTS, { warmUp: requestsWith(await server.ask({ tokens: 1 })) });
    },
  };
}

function requestsWith(tokens) {
  return tokens.map((token) => getRequest('/bench', { Authorization: `Bearer ${token}` }));
}

function report(cpu) {
  const above = (name, baseline) => differences(cpu.get(name), cpu.get(baseline));
  const row = (server, name, baseline) => ({
    server,
    'us a request': middleHalf(cpu.get(name)),
    'above bare': name === baseline ? '' : middleHalf(above(name, baseline)),
  });
  const oneToken = VARIANTS.map(([variant, label]) => row(label, `${variant}, 1`, 'bare, 1'));
  const manyTokens = WITH_MANY_TOKENS.map((variant) =>
    row(new Map(VARIANTS).get(variant), `${variant}, ${MANY_TOKENS}`, `bare, ${MANY_TOKENS}`),
  );
  const chain = median(above('house-4, 1', 'bare, 1'));
  const stock = median(above('stock-pem, 1', 'bare, 1'));
  return {
    tables: [
      { title: 'One token', rows: oneToken },
      { title: `${MANY_TOKENS} tokens of as many users, each seen before`, rows: manyTokens },
      {
        title: 'Every request with a token that is new',
        rows: [row('the whole chain', 'house-4, new', 'bare, 1')],
      },
    ],
    notes: [
      'CPU time of the server process a request.',
      `Medians of ${ROUNDS} rounds of ${REQUESTS} requests (quartiles in brackets), 20 keep-alive connections.`,
      `“Above bare” is taken round by round. Stock guards cost ${(stock / chain).toFixed(1)} times what ours do.`,
    ],
    raw: Object.fromEntries(cpu),
  };
}
