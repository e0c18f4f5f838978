import { Controller, Get, Module, Post, Req, Res } from '@nestjs/common';
import { Throttle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForServices } from '../src/auth/decorators/for-services.decorator.js';
import { Public } from '../src/auth/decorators/public.decorator.js';
import { DueHits } from '../src/throttling/due-hits.js';
import { makeRateLimit } from '../src/throttling/rate-limit.js';
import { RateLimited } from '../src/throttling/rate-limited.decorator.js';
import { type TestApp, startTestApp } from './support/app.js';
import { fromNewAddress } from './support/client-address.js';
import { type Service, basic, makeService } from './support/service.js';

const onceAnHour = makeRateLimit('once', [{ limit: 1, windowMs: 3_600_000 }]);

@Controller('test-limits')
class LimitedController {
  constructor(private readonly due: DueHits) {}

  /** Leaves what is due to nobody. */
  @Get('forgetful')
  @Public()
  forgetful(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string[] {
    this.due.add(request, reply, [{ key: request.ip, rateLimit: onceAnHour }]);
    return ['done'];
  }

  @Get('search')
  @Public()
  @RateLimited('address', 'search', '2/s,5/m')
  search(): string[] {
    return [];
  }

  @Get('suggest')
  @Public()
  @RateLimited('address', 'search', '2/s,5/m')
  suggest(): string[] {
    return [];
  }

  @Get('export')
  @RateLimited('principal', 'export', '2/h')
  export(): string[] {
    return [];
  }

  @Get('report')
  @ForServices()
  @RateLimited('principal', 'report', '2/h')
  report(): string[] {
    return [];
  }

  @Post('invite')
  @Public()
  @RateLimited('account', 'invite', '3/h')
  @RateLimited('address', 'invites', '100/h')
  invite(): string[] {
    return [];
  }

  @Get('stock')
  @Public()
  @Throttle({ default: { limit: 4, ttl: 60_000 } })
  stock(): string[] {
    return [];
  }
}

@Module({ controllers: [LimitedController] })
class LimitedModule {}

describe('limits of a route', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' }, undefined, [LimitedModule]);
    // Away from the edge of an hour, so that no window ends within a test.
    app.clock.advance({ seconds: 3600 - (Math.floor(app.clock.now() / 1000) % 3600) + 60 });
  });
  afterAll(() => app.close());

  async function statusesOf(count: number, send: () => Promise<{ status: number }>): Promise<number[]> {
    const statuses = [];
    for (let index = 0; index < count; index++) {
      statuses.push((await send()).status);
    }
    return statuses;
  }

  it('hold several windows at once', async () => {
    const headers = fromNewAddress();
    const ask = () => app.get('/test-limits/search', { headers });
    app.clock.advance({ seconds: 10 });

    const burst = await statusesOf(3, ask);
    app.clock.advance({ seconds: 2 });
    const second = await statusesOf(3, ask);
    app.clock.advance({ seconds: 2 });
    const third = await statusesOf(2, ask);
    const refused = await ask();

    expect(burst).toEqual([200, 200, 429]);
    expect(second).toEqual([200, 200, 429]);
    expect(third).toEqual([200, 429]);
    expect(refused.headers.get('ratelimit-policy')).toBe('"search-1s";q=2;w=1, "search-60s";q=5;w=60');
    expect(refused.headers.get('ratelimit')).toMatch(/^"search-60s";r=0;t=\d+$/);
  });

  it('are counted together on routes that name the same limit', async () => {
    const headers = fromNewAddress();

    const statuses = [
      (await app.get('/test-limits/search', { headers })).status,
      (await app.get('/test-limits/suggest', { headers })).status,
      (await app.get('/test-limits/search', { headers })).status,
    ];

    expect(statuses).toEqual([200, 200, 429]);
  });

  it('count a user, whatever the address', async () => {
    const token = await app.signIn('editor');

    const statuses = await statusesOf(3, () =>
      app.get('/test-limits/export', { token, headers: fromNewAddress() }),
    );
    const elsewhere = await app.get('/v1/users/me', { token, headers: fromNewAddress() });

    expect(statuses).toEqual([200, 200, 429]);
    expect(elsewhere.status).toBe(200);
  });

  it('count a service, whatever the address', async () => {
    const [one, other] = [await makeService(app), await makeService(app)];
    const ask = ({ id, secret }: Service) =>
      app.get('/test-limits/report', { headers: { authorization: basic(id, secret), ...fromNewAddress() } });

    const statuses = await statusesOf(3, () => ask(one));
    const ofOther = await ask(other);

    expect(statuses).toEqual([200, 200, 429]);
    expect(ofOther.status).toBe(200);
  });

  it('count the account that a body names, whatever the address', async () => {
    const email = `${Math.random()}@example.com`;
    const invite = (to: unknown) =>
      app.post('/test-limits/invite', { email: to }, { headers: fromNewAddress() });

    const statuses = await statusesOf(4, () => invite(email));
    const written = await invite(email.toUpperCase());
    const others = [(await invite(`${Math.random()}@example.com`)).status, (await invite(7)).status];

    expect(statuses).toEqual([201, 201, 201, 429]);
    expect(written.status).toBe(429);
    expect(others).toEqual([201, 201]);
  });

  it('refuse nothing that has been done already, but the log says that it was counted too late', async () => {
    const headers = fromNewAddress();
    const ask = () => app.get('/test-limits/forgetful?secret=s3cret', { headers });

    const answers = [await ask(), await ask()];

    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, ['done']],
      [200, ['done']],
    ]);
    const lines = app.log.filter((line) => line.includes('before it was counted'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('GET /test-limits/forgetful did its work before it was counted');
    expect(lines[0]).not.toContain('s3cret');
  });

  it('may be said in the words of @nestjs/throttler', async () => {
    const headers = fromNewAddress();

    const statuses = await statusesOf(5, () => app.get('/test-limits/stock', { headers }));

    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });

  it('are read when the route is made: what is no limit stops the start', () => {
    expect(() => RateLimited('address', 'wrong', '5 a minute')).toThrow('is no limit such as 5/s,100/m');
  });
});
