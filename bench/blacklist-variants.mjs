// What is compared: our blacklist, the same buckets with a Map of strings each, and one Map that is swept each minute.
import { TokenBlacklist } from '../dist/auth/tokens/revocation/token-blacklist.js';

/** Seconds that an access token lives, and the milliseconds that its revocation is kept. */
export const TOKEN_TTL = 900;
export const KEPT = (TOKEN_TTL + 60) * 1000;

const MINUTE = 60_000;

/** A clock that stands still until it is moved. */
class StillClock {
  time = Date.now();

  now() {
    return this.time;
  }
}

class BucketsOfMaps {
  #buckets = new Map();
  #width = TOKEN_TTL * 250;
  #clock;

  constructor(clock) {
    this.#clock = clock;
  }

  add({ subject, expiresAt }) {
    this.#forget();
    const end = (Math.floor(expiresAt / this.#width) + 1) * this.#width;
    let bucket = this.#buckets.get(end);
    if (!bucket) {
      bucket = new Map();
      this.#buckets.set(end, bucket);
    }
    bucket.set(subject, expiresAt);
  }

  isRevoked({ jti, sid, sub }) {
    this.#forget();
    for (const bucket of this.#buckets.values()) {
      if (bucket.has(sid) || bucket.has(sub) || bucket.has(jti)) {
        return true;
      }
    }
    return false;
  }

  #forget() {
    for (const end of this.#buckets.keys()) {
      if (end > this.#clock.now()) {
        return;
      }
      this.#buckets.delete(end);
    }
  }
}

class SweptMap {
  #ids = new Map();
  #sweptAt = 0;
  #clock;

  constructor(clock) {
    this.#clock = clock;
  }

  add({ subject, expiresAt }) {
    this.#sweep();
    this.#ids.set(subject, expiresAt);
  }

  isRevoked({ jti, sid, sub }) {
    return this.#ids.has(sid) || this.#ids.has(sub) || this.#ids.has(jti);
  }

  #sweep() {
    const now = this.#clock.now();
    if (now - this.#sweptAt < MINUTE) {
      return;
    }
    this.#sweptAt = now;
    for (const [id, expiresAt] of this.#ids) {
      if (expiresAt <= now) {
        this.#ids.delete(id);
      }
    }
  }
}

/** What the measurement itself costs. */
class NothingKept {
  add() {}
}

/** By this name only the pauses are measured. */
export const NOTHING = 'none: the measurement itself';

/** How each is made, by name. */
export const VARIANTS = {
  TokenBlacklist: (clock) => new TokenBlacklist({ ACCESS_TOKEN_TTL: TOKEN_TTL }, clock),
  'buckets of Map<string>': (clock) => new BucketsOfMaps(clock),
  'one Map<string>, swept': (clock) => new SweptMap(clock),
  [NOTHING]: () => new NothingKept(),
};

/** One of them, and the clock that it looks at. */
export function makeVariant(name) {
  const clock = new StillClock();
  return { clock, blacklist: VARIANTS[name](clock) };
}
