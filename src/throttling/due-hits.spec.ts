import type { FastifyReply } from 'fastify';
import { DueHits } from './due-hits.js';
import { type Hit, type HitGroup, type RateLimitState, makeRateLimit } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';

const rateLimit = makeRateLimit('address', [{ limit: 10, windowMs: 60_000 }]);
const hit: Hit = { key: 'client', rateLimit };

/** Knows of so much room, and counts when it is let. */
class SlowStorage extends RateLimitStorage {
  room = 3;
  isAway = false;
  readonly asked: HitGroup[][] = [];
  private answer: () => void = () => undefined;
  private answered = new Promise<void>((resolve) => (this.answer = resolve));

  expect(): RateLimitState | null {
    return this.isAway ? null : this.stateOf(this.room > 0);
  }

  async hitInTurn(groups: readonly HitGroup[]): Promise<RateLimitState[]> {
    this.asked.push([...groups]);
    await this.answered;
    return groups.map(() => this.stateOf(true));
  }

  /** Answers all that was asked, and what is asked from now on. */
  answerAll(): void {
    this.answer();
  }

  hit(): RateLimitState {
    throw new Error('is not asked for one hit');
  }

  forget(): void {
    throw new Error('is not asked to forget');
  }

  isShared(): boolean {
    return true;
  }

  private stateOf(isAllowed: boolean): RateLimitState {
    return { isAllowed, rateLimit, windowName: 'address', remaining: this.room, secondsToWait: 1 };
  }
}

describe('hits that are due', () => {
  let storage: SlowStorage;
  let due: DueHits;
  beforeEach(() => {
    storage = new SlowStorage();
    due = new DueHits(storage);
  });

  // All that is asked of it is to take headers.
  const reply = { header: () => reply } as unknown as FastifyReply;

  /** Requests with a hit each; those that may wait. */
  function letWait(count: number): object[] {
    const requests = Array.from({ length: count }, () => ({}));
    requests.forEach((request) => due.add(request, reply, [hit]));
    return requests.filter((request) => due.letWait(request));
  }

  it('wait only as many as there is room for, however many come at once', () => {
    expect(letWait(10)).toHaveLength(3);
    expect(letWait(10)).toHaveLength(0);
  });

  it('are taken for counted until the storage has answered', async () => {
    const waiting = letWait(3);
    const counting = waiting.map((request) => due.count(request));

    const meanwhile = letWait(1);
    storage.room = 2;
    storage.answerAll();
    await Promise.all(counting);

    expect(meanwhile).toEqual([]);
    expect(letWait(10)).toHaveLength(2);
  });

  it('are counted in one go with what comes later, each group in its turn, and once', async () => {
    const [request = {}] = letWait(1);
    const [principal, attempt] = ['user', 'account'].map((key) => ({ key, rateLimit }));
    storage.answerAll();

    due.add(request, reply, principal ? [principal] : []);
    await due.count(request, attempt ? [attempt] : []);
    await due.count(request);

    expect(storage.asked).toEqual([[[hit], [principal], [attempt]]]);
    expect(due.areThere(request)).toBe(false);
  });

  it('do not wait where nothing is known, or nothing is left', () => {
    storage.isAway = true;
    const away = letWait(1);
    storage.isAway = false;
    storage.room = 0;

    expect([away, letWait(1)]).toEqual([[], []]);
  });
});
