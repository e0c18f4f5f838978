import type { Redis } from 'ioredis';
import { type FoundHit, type Hit, type HitGroup, windowAt } from './rate-limit.js';

// The same rule as hasRoom(), where all processes meet: the groups are counted in their order, all the windows of all the
// hits of one, up to the first that lacks room in any. A key is given its time to live when it is made, so that it goes by
// itself.
const HIT = `
local values = redis.call('MGET', unpack(KEYS))
local rules = cjson.decode(ARGV[1])
local refused = -1
for i = 1, #KEYS, 2 do
  local current = tonumber(values[i] or '0')
  local previous = tonumber(values[i + 1] or '0')
  local at = (i - 1) / 2 * 4
  if previous * (1 - rules[at + 1]) + current + 1 > rules[at + 2] then
    refused = rules[at + 4]
    break
  end
end
local counters = {refused}
for i = 1, #KEYS, 2 do
  local current = tonumber(values[i] or '0')
  local at = (i - 1) / 2 * 4
  local life = rules[at + 3]
  if life > 0 and (refused < 0 or rules[at + 4] < refused) then
    current = redis.call('INCR', KEYS[i])
    if current == 1 then
      redis.call('PEXPIRE', KEYS[i], life)
    end
  end
  counters[#counters + 1] = current
  counters[#counters + 1] = tonumber(values[i + 1] or '0')
end
return counters`;

// A counter that has gone by itself must not come back below zero, and without a time to live.
const GIVE_BACK = `
for i = 1, #KEYS do
  local count = tonumber(redis.call('GET', KEYS[i]) or '0')
  if count > 1 then
    redis.call('DECR', KEYS[i])
  elseif count == 1 then
    redis.call('DEL', KEYS[i])
  end
end`;

/** What groups of hits found. */
export interface CountedHits {
  /** Which of them was not allowed, and is counted no more than those after it. */
  readonly refused: number | undefined;
  readonly found: readonly (readonly FoundHit[])[];
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
  /**
   * How much of the window has passed (0 to 1), the limit, the milliseconds that a counter lives (0 where it is not to be
   * counted), and which of the groups it is of.
   */
  readonly rules: number[];
}

type RedisWithScripts = Redis & {
  latchkeyHit(...args: (string | number)[]): Promise<number[]>;
  latchkeyGiveBack(...args: (string | number)[]): Promise<null>;
  latchkeyAdd(...args: (string | number)[]): Promise<number>;
};

/** Counters in Redis, two for each window of each key; whatever is asked takes one round trip. */
export class RedisCounters {
  private readonly redis: RedisWithScripts;

  constructor(redis: Redis) {
    redis.defineCommand('latchkeyHit', { lua: HIT });
    redis.defineCommand('latchkeyGiveBack', { lua: GIVE_BACK });
    redis.defineCommand('latchkeyAdd', { lua: ADD });
    // defineCommand adds the methods at run time only.
    this.redis = redis as RedisWithScripts;
  }

  /** Counts groups of hits in their order, up to the first that is not allowed. */
  async hit(groups: readonly HitGroup[], now: number): Promise<CountedHits> {
    const { keys, rules } = inputFor(groups, now);
    const values = await this.redis.latchkeyHit(keys.length, ...keys, JSON.stringify(rules));
    const [refused = -1] = values;
    return { refused: refused < 0 ? undefined : refused, found: inWindows(groups, values) };
  }

  /** Adds hits that were allowed elsewhere, by the names of their counters; what it has added before changes nothing. */
  async add(id: string, missing: ReadonlyMap<string, MissingHits>): Promise<void> {
    const keys = [`latchkey:told:${id}`, ...missing.keys()];
    const values = [...missing.values()].flatMap(({ hits, life }) => [hits, life]);
    await this.redis.latchkeyAdd(keys.length, ...keys, KNOWN_FOR, ...values);
  }

  /** Takes a hit off the counters that it was counted by, where they are still there. */
  async giveBack(hit: Hit, countedAt: number): Promise<void> {
    const names = countersOf(hit, countedAt).map(({ name }) => name);
    await this.redis.latchkeyGiveBack(names.length, ...names);
  }

  /** Deletes the counters of a key. */
  async delete(hit: Hit, now: number): Promise<void> {
    await this.redis.del(inputFor([[hit]], now).keys);
  }
}

/** The counters of one hit, one for each window. */
export function countersOf(hit: Hit, now: number): Counter[] {
  const { keys } = inputFor([[hit]], now);
  return hit.rateLimit.windows.map(({ windowMs }, at) => ({
    name: keys[at * 2] ?? '',
    nameBefore: keys[at * 2 + 1] ?? '',
    life: windowMs * 2,
    endsAt: (windowAt(now, windowMs).index + 2) * windowMs,
  }));
}

function inputFor(groups: readonly HitGroup[], now: number): ScriptInput {
  const input: ScriptInput = { keys: [], rules: [] };
  for (let group = 0; group < groups.length; group++) {
    for (const { key, rateLimit, isPeek } of groups[group] ?? []) {
      for (const { limit, windowMs } of rateLimit.windows) {
        const { index, passed } = windowAt(now, windowMs);
        const name = `latchkey:${rateLimit.name}:${windowMs / 1000}:${key}`;
        input.keys.push(`${name}:${index}`, `${name}:${index - 1}`);
        input.rules.push(passed, limit, isPeek ? 0 : windowMs * 2, group);
      }
    }
  }
  return input;
}

// `values` begin with what is refused.
function inWindows(groups: readonly HitGroup[], values: readonly number[]): FoundHit[][] {
  let at = 1;
  return groups.map((hits) =>
    hits.map(({ rateLimit }) => ({
      rateLimit,
      counters: rateLimit.windows.map(() => ({
        current: values[at++] ?? 0,
        previous: values[at++] ?? 0,
      })),
    })),
  );
}
