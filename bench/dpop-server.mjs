// One server of the DPoP benchmark: the guarded route of the guards benchmark, on the embedded database or on the
// PostgreSQL that DATABASE_URL names. Asked for a token, it signs one, bound to a key or not.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { v7 } from 'uuid';
import { AccessTokenService } from '../dist/auth/tokens/access-token.service.js';
import { GUARDS, house } from './guards-house.mjs';

const { DATABASE_URL } = process.env;
const { module, prepare } = house(GUARDS, { environment: DATABASE_URL ? { DATABASE_URL } : {} });
const app = await NestFactory.create(module, new FastifyAdapter(), {
  logger: ['error', 'warn'],
  bodyParser: false,
});
await app.listen(0, '127.0.0.1');
prepare(app);

process.on('message', (question) => {
  if (question.jkt !== undefined) {
    const user = { id: v7(), roles: ['customer'], version: 1 };
    const session = { id: v7(), authenticatedAt: new Date(), jkt: question.jkt };
    void app
      .get(AccessTokenService)
      .issue(user, session, Math.floor(Date.now() / 1000))
      .then(({ accessToken }) => process.send(accessToken));
  }
});
process.stdout.write(`dpop listens on ${await app.getUrl()}\n`);
