// One server of the guards benchmark: the same route behind nothing, behind our guards, or behind the stock ones.
// The argument says which; asked for tokens, it signs some that it accepts.
import 'reflect-metadata';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { GUARDS, house } from './guards-house.mjs';
import { BenchController } from './guards-route.mjs';
import { stock } from './guards-stock.mjs';

const VARIANTS = {
  bare: () => bare(0),
  'no-op-1': () => bare(1),
  'no-op-4': () => bare(4),
  'house-0': () => house([]),
  'house-1': () => house(GUARDS.slice(0, 1)),
  'house-2': () => house(GUARDS.slice(0, 2)),
  'house-3': () => house(GUARDS.slice(0, 3)),
  'house-4': () => house(GUARDS),
  'house-edge': () => house(GUARDS, { withHttpEdge: true }),
  'stock-throttler': () => stock({}),
  'stock-pem': () => stock({ key: 'pem' }),
  'stock-key-object': () => stock({ key: 'keyObject' }),
  'stock-secret': () => stock({ key: 'secret' }),
  'stock-throttler-minute': () => stock({ ttl: 60_000 }),
};

/** A module with the route and so many guards, each a class of its own, that let everybody pass. */
function bare(count) {
  const guards = Array.from(
    { length: count },
    () =>
      class {
        canActivate() {
          return true;
        }
      },
  );
  class BareModule {}
  return {
    module: {
      module: BareModule,
      controllers: [BenchController],
      providers: guards.map((guard) => ({ provide: APP_GUARD, useClass: guard })),
    },
    signTokens: (_app, amount) => stock({ key: 'pem' }).signTokens(_app, amount),
  };
}

const [name] = process.argv.slice(2);
const { module, adapter = () => new FastifyAdapter(), configure, prepare, signTokens } = VARIANTS[name]();
const server = adapter();
const app = await NestFactory.create(module, server, { logger: ['error', 'warn'], bodyParser: false });
configure?.(app, server);
await app.listen(0, '127.0.0.1');
prepare?.(app);

process.on('message', (question) => {
  if (question.tokens !== undefined) {
    void signTokens(app, question.tokens).then((tokens) => process.send(tokens));
  }
});
process.stdout.write(`${name} listens on ${await app.getUrl()}\n`);
