import type { Redis } from 'ioredis';
import { type FoundHit, type Hit, type WindowCounters, windowAt } from './rate-limit.js';

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

/** What hits on several keys found, and whether they were counted. */
export interface CountedHits {
  readonly areAllowed: boolean;
  readonly found: readonly FoundHit[];
}

// All of it or nothing, and once: KEYS[1] is there if it has been taken in before.
const ADD = `
if not redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) then
  return 0
end
for i = 2, #KEYS do
  redis.call('INCRBY', KEYS[i], ARGV[i * 2 - 2])
  redis.call('PEXPIRE', KEYS[i], ARGV[i * 2 - 1])
end
return 1`;

/** For how long Redis knows what it has taken in, in milliseconds. */
const KNOWN_FOR = 3_600_000;

/** Hits that a counter in Redis lacks. */
export interface MissingHits {
  readonly hits: number;
  /** Milliseconds that the counter lives. */
  readonly life: number;
  /** From when on they count for nothing, in milliseconds since 1970. */
  readonly endsAt: number;
}

/** Where one hit is counted, in one window. */
interface Counter {
  readonly name: string;
  /** The counter of the window before. */
  readonly nameBefore: string;
  readonly life: number;
  readonly endsAt: number;
}

/** The script's input: for each window the keys of its counter and of the one before, and the rule for both. */
interface ScriptInput {
  readonly keys: string[];
  /** How much of the window has passed (0 to 1), the limit, and milliseconds that a counter lives. */
  readonly rules: number[];
}

type RedisWithScripts = Redis & {
  latchkeyHit(...args: (string | number)[]): Promise<number[]>;
  latchkeyAdd(...args: (string | number)[]): Promise<number>;
};

/** Counters in Redis, two for each window of each key; whatever is asked takes one round trip. */
export class RedisCounters {
  private readonly redis: RedisWithScripts;

  constructor(redis: Redis) {
    redis.defineCommand('latchkeyHit', { lua: HIT });
    redis.defineCommand('latchkeyAdd', { lua: ADD });
    // defineCommand adds the methods at run time only.
    this.redis = redis as RedisWithScripts;
  }

  /** Counts all hits if all are allowed. */
  async hit(hits: readonly Hit[], now: number): Promise<CountedHits> {
    const { keys, rules } = inputFor(hits, now);
    const [allowed, ...values] = await this.redis.latchkeyHit(keys.length, ...keys, ...rules);
    return { areAllowed: allowed === 1, found: inWindows(hits, values) };
  }

  /** The counters of a key as they are, one for each window. */
  async read(hit: Hit, now: number): Promise<readonly WindowCounters[]> {
    const values = await this.redis.mget(inputFor([hit], now).keys);
    return inWindows([hit], values.map(Number))[0]?.counters ?? [];
  }

  /** Adds hits that were allowed elsewhere, by the names of their counters; what it has added before changes nothing. */
  async add(id: string, missing: ReadonlyMap<string, MissingHits>): Promise<void> {
    const keys = [`latchkey:told:${id}`, ...missing.keys()];
    const values = [...missing.values()].flatMap(({ hits, life }) => [hits, life]);
    await this.redis.latchkeyAdd(keys.length, ...keys, KNOWN_FOR, ...values);
  }

  /** Deletes the counters of a key. */
  async delete(hit: Hit, now: number): Promise<void> {
    await this.redis.del(inputFor([hit], now).keys);
  }
}

/** The counters of one hit, one for each window. */
export function countersOf(hit: Hit, now: number): Counter[] {
  const { keys } = inputFor([hit], now);
  return hit.rateLimit.windows.map(({ windowMs }, at) => ({
    name: keys[at * 2] ?? '',
    nameBefore: keys[at * 2 + 1] ?? '',
    life: windowMs * 2,
    endsAt: (windowAt(now, windowMs).index + 2) * windowMs,
  }));
}

function inputFor(hits: readonly Hit[], now: number): ScriptInput {
  const input: ScriptInput = { keys: [], rules: [] };
  for (const { key, rateLimit } of hits) {
    for (const { limit, windowMs } of rateLimit.windows) {
      const { index, passed } = windowAt(now, windowMs);
      const name = `latchkey:${rateLimit.name}:${windowMs / 1000}:${key}`;
      input.keys.push(`${name}:${index}`, `${name}:${index - 1}`);
      input.rules.push(passed, limit, windowMs * 2);
    }
  }
  return input;
}

function inWindows(hits: readonly Hit[], values: readonly number[]): FoundHit[] {
  let at = 0;
  return hits.map(({ rateLimit }) => ({
    rateLimit,
    counters: rateLimit.windows.map(() => ({ current: values[at++] ?? 0, previous: values[at++] ?? 0 })),
  }));
}
