// The same route as the guides of NestJS would guard it: the stock ThrottlerGuard with its memory store, and the stock
// AuthGuard('jwt') with a stock passport-jwt strategy. Signed with ES256, as ours is, or with a shared secret.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { APP_GUARD } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { v7 } from 'uuid';
import { BenchController } from './guards-route.mjs';

const JwtAuthGuard = AuthGuard('jwt');

/** What a strategy is given, and with what its tokens are signed. */
const KEYS = {
  /** A PEM string, as one reads it from a file or the environment. */
  pem: () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const verifyWith = publicKey.export({ type: 'spki', format: 'pem' });
    return { algorithm: 'ES256', verifyWith, signWith: { privateKey } };
  },
  /** The same key, parsed once. */
  keyObject: () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { algorithm: 'ES256', verifyWith: publicKey, signWith: { privateKey } };
  },
  /** A shared secret for HS256, as a string. */
  secret: () => {
    const secret = randomBytes(32).toString('base64');
    return { algorithm: 'HS256', verifyWith: secret, signWith: { secret } };
  },
};

/**
 * A module with the stock guards. The stock store keeps the time of every hit of a key and walks through them all at the
 * next, so its cost grows with them: `ttl` (ms) is short here, to have no more of them than a limit of 600 a minute allows.
 */
export function stock({ throttler = true, key, ttl = 150 }) {
  const { algorithm, verifyWith, signWith } = KEYS[key ?? 'pem']();
  class JwtStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super({
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKey: verifyWith,
        algorithms: [algorithm],
      });
    }

    validate({ sub, roles }) {
      return { id: sub, roles };
    }
  }
  const guards = [...(throttler ? [ThrottlerGuard] : []), ...(key ? [JwtAuthGuard] : [])];
  class StockModule {}
  return {
    module: {
      module: StockModule,
      imports: [ThrottlerModule.forRoot([{ ttl, limit: 1_000_000_000 }]), PassportModule],
      controllers: [BenchController],
      providers: [JwtStrategy, ...guards.map((guard) => ({ provide: APP_GUARD, useClass: guard }))],
    },
    signTokens: async (_app, count) => Array.from({ length: count }, () => sign(algorithm, signWith)),
  };
}

// The claims of our own tokens, so that both read as much.
function sign(algorithm, key) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'http://localhost:3000',
    aud: 'latchkey',
    sub: v7(),
    sid: v7(),
    jti: randomUUID(),
    iat: now,
    exp: now + 4 * 3600,
    auth_time: now,
    roles: ['customer'],
    ver: 1,
  };
  const header = { alg: algorithm, typ: 'at+jwt', kid: randomUUID() };
  return new JwtService({}).sign(claims, { algorithm, header, ...key });
}
