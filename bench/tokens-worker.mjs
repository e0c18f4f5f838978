// One measurement in a process of its own: `node --expose-gc tokens-worker.mjs <what> [tokens]`. Says its figures over IPC.
import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { v7 } from 'uuid';
import { VerifiedTokens } from '../dist/auth/guards/verified-tokens.js';
import { checkClaims } from '../dist/auth/tokens/check-claims.js';
import { readAccessTokenHeader } from '../dist/auth/tokens/compact-jwt.js';
import { generateKeyMaterial } from '../dist/auth/tokens/keys/key-material.js';
import { signedPayload } from '../dist/auth/tokens/signed-payload.js';
import { TokenSigner } from '../dist/auth/tokens/token-signer.js';
import { SystemClock } from '../dist/time/clock.js';

const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256', 'HS256'];
const ROUNDS = 15;
const TIMES = 200;
const LOOK_UPS = 200_000;

const EXPECTED = { issuer: 'http://localhost:3000', audience: 'latchkey' };
const jwt = new JwtService({});
const signer = new TokenSigner(jwt);

function claims() {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: EXPECTED.issuer,
    aud: EXPECTED.audience,
    sub: v7(),
    sid: v7(),
    jti: randomUUID(),
    iat,
    exp: iat + 900,
    auth_time: iat,
    roles: ['customer'],
    ver: 1,
  };
}

async function makeKey(algorithm) {
  return { kid: v7(), algorithm, verifiesUntil: Infinity, ...(await generateKeyMaterial(algorithm)) };
}

/** What `JwtStrategy` does with a token, but for Passport around it. */
function verifyInFull(token, key) {
  const header = readAccessTokenHeader(token);
  const payload = header && signedPayload(token, key);
  return checkClaims(payload, { ...EXPECTED, now: Math.floor(Date.now() / 1000) });
}

/** The stock way: jsonwebtoken with the key as text, as most guides have it; it has no EdDSA. */
function stockVerifier({ algorithm, verifyingKey }) {
  const isSecret = verifyingKey.type === 'secret';
  const text = isSecret
    ? verifyingKey.export().toString('base64')
    : verifyingKey.export({ type: 'spki', format: 'pem' });
  const secretOrPublicKey = isSecret ? { secret: Buffer.from(text, 'base64') } : { publicKey: text };
  return (token) => jwt.verify(token, { ...secretOrPublicKey, algorithms: [algorithm] });
}

async function microseconds(work) {
  const before = process.cpuUsage();
  for (let time = 0; time < TIMES; time++) {
    const result = work();
    if (result === null || (await result) === null) {
      throw new Error('a good token was refused');
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
}

/** CPU microseconds to sign, to verify in full, and to verify the stock way, round by round. */
async function algorithms() {
  const cases = {};
  for (const algorithm of ALGORITHMS) {
    const key = await makeKey(algorithm);
    const token = await signer.sign(claims(), key);
    cases[algorithm] = {
      sign: () => signer.sign(claims(), key),
      verify: () => verifyInFull(token, key),
      ...(algorithm !== 'EdDSA' && { stock: () => stockVerifier(key)(token) }),
    };
  }
  const results = {};
  for (let round = -2; round < ROUNDS; round++) {
    for (const [algorithm, works] of Object.entries(cases)) {
      for (const [name, work] of Object.entries(works)) {
        const time = await microseconds(work);
        if (round >= 0) {
          ((results[algorithm] ??= {})[name] ??= []).push(time);
        }
      }
    }
  }
  return results;
}

function bytesInUse() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** As text that was read from a socket, not put together. */
function asRead(text) {
  return Buffer.from(text, 'latin1').latin1Slice();
}

/** So many living tokens, one of them at random in each request. */
async function memory(count) {
  const key = await makeKey('HS256'); // the quickest to sign; what is remembered is as large for each
  const verified = new VerifiedTokens({ find: () => key }, new SystemClock());
  const signed = [];
  for (let index = 0; index < count; index++) {
    signed.push(Buffer.from(await signer.sign(claims(), key), 'latin1'));
  }
  const before = bytesInUse();
  for (const bytes of signed) {
    const token = bytes.latin1Slice();
    verified.remember(token, verifyInFull(token, key));
  }
  const megabytes = (bytesInUse() - before) / 1e6;
  const asked = Array.from({ length: LOOK_UPS }, () => signed[Math.floor(Math.random() * count)]);
  const times = [];
  let hits = 0;
  for (let from = 0; from < LOOK_UPS; from += 1000) {
    const tokens = asked.slice(from, from + 1000).map((bytes) => asRead(bytes.toString('latin1')));
    const misses = [];
    const begin = performance.now();
    for (const token of tokens) {
      if (verified.find(token)) {
        hits++;
      } else {
        misses.push(token);
      }
    }
    times.push(performance.now() - begin);
    misses.forEach((token) => verified.remember(token, verifyInFull(token, key)));
  }
  return { megabytes, hitRate: hits / LOOK_UPS, times };
}

const [what, count] = process.argv.slice(2);
process.send(what === 'algorithms' ? await algorithms() : await memory(Number(count)));
process.disconnect();
