import type { Redis } from 'ioredis';
import { type Hit, type WindowCounters, windowAt } from './rate-limit.js';

// The same rule as hasRoom(), where all processes meet: all the windows of all the hits have room and are counted, or
// none is. A key is given its time to live when it is made, so that it goes by itself.
const HIT = `
local values = redis.call('MGET', unpack(KEYS))
local allowed = 1
for i = 1, #KEYS, 2 do
  local current = tonumber(values[i] or '0')
  local previous = tonumber(values[i + 1] or '0')
  local at = (i - 1) / 2 * 3
  if previous * (1 - tonumber(ARGV[at + 1])) + current + 1 > tonumber(ARGV[at + 2]) then
    allowed = 0
  end
end
local counters = {allowed}
for i = 1, #KEYS, 2 do
  local current = tonumber(values[i] or '0')
  if allowed == 1 then
    current = redis.call('INCR', KEYS[i])
    if current == 1 then
      redis.call('PEXPIRE', KEYS[i], ARGV[(i - 1) / 2 * 3 + 3])
    end
  end
  counters[#counters + 1] = current
  counters[#counters + 1] = tonumber(values[i + 1] or '0')
end
return counters`;

/** What a hit on several keys found: the counters of each window of each hit, in their order. */
export interface CountedHits {
  readonly isAllowed: boolean;
  readonly counters: readonly (readonly WindowCounters[])[];
}

type RedisWithScript = Redis & { latchkeyHit(...args: (string | number)[]): Promise<number[]> };

/** Counters in Redis, two for each window of each key; whatever is asked takes one round trip. */
export class RedisCounters {
  private readonly redis: RedisWithScript;

  constructor(redis: Redis) {
    redis.defineCommand('latchkeyHit', { lua: HIT });
    // defineCommand adds the method at run time only.
    this.redis = redis as RedisWithScript;
  }

  /** Counts all hits if all are allowed. */
  async hit(hits: readonly Hit[], now: number): Promise<CountedHits> {
    const keys = hits.flatMap((hit) => keysOf(hit, now));
    const rules = hits.flatMap(({ rateLimit }) =>
      rateLimit.windows.flatMap(({ limit, windowMs }) => [
        windowAt(now, windowMs).passed,
        limit,
        windowMs * 2,
      ]),
    );
    const [allowed, ...values] = await this.redis.latchkeyHit(keys.length, ...keys, ...rules);
    return { isAllowed: allowed === 1, counters: inWindows(hits, values) };
  }

  /** The counters of a key as they are. */
  async read(hit: Hit, now: number): Promise<readonly WindowCounters[]> {
    const values = await this.redis.mget(keysOf(hit, now));
    return inWindows([hit], values.map(Number))[0] ?? [];
  }

  /** Deletes the counters of a key. */
  async delete(hit: Hit, now: number): Promise<void> {
    await this.redis.del(keysOf(hit, now));
  }
}

/** For each window, the key of its counter and of the one before. */
function keysOf({ key, rateLimit }: Hit, now: number): string[] {
  return rateLimit.windows.flatMap(({ windowMs }) => {
    const { index } = windowAt(now, windowMs);
    const name = `latchkey:${rateLimit.name}:${windowMs / 1000}:${key}`;
    return [`${name}:${index}`, `${name}:${index - 1}`];
  });
}

function inWindows(hits: readonly Hit[], values: readonly number[]): WindowCounters[][] {
  let at = 0;
  return hits.map(({ rateLimit }) =>
    rateLimit.windows.map(() => ({ current: values[at++] ?? 0, previous: values[at++] ?? 0 })),
  );
}
