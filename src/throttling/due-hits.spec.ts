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
  /** Which of the groups is refused, if one is. */
  refused: number | undefined;
  fault: Error | undefined;
  readonly asked: HitGroup[][] = [];
  private answer: () => void = () => undefined;
  private answered = new Promise<void>((resolve) => (this.answer = resolve));

  expect(): RateLimitState | null {
    return this.isAway ? null : this.stateOf(this.room > 0);
  }

  async hitInTurn(groups: readonly HitGroup[]): Promise<RateLimitState[]> {
    this.asked.push([...groups]);
    await this.answered;
    if (this.fault) {
      throw this.fault;
    }
    return groups
      .slice(0, (this.refused ?? groups.length) + 1)
      .map(([first], at) => this.stateOf(at !== this.refused, first?.key));
  }

  /** Answers all that was asked, and what is asked from now on. */
  answerAll(): void {
    this.answer();
  }

  giveBack(): void {}

  hit(): RateLimitState {
    throw new Error('is not asked for one hit');
  }

  forget(): void {
    throw new Error('is not asked to forget');
  }

  isShared(): boolean {
    return true;
  }

  private stateOf(isAllowed: boolean, windowName = ''): RateLimitState {
    return { isAllowed, rateLimit, windowName, remaining: this.room, secondsToWait: 1 };
  }
}

describe('hits that are due', () => {
  let storage: SlowStorage;
  let due: DueHits;
  beforeEach(() => {
    storage = new SlowStorage();
    due = new DueHits(storage);
  });

  let headers: Record<string, string>;
  beforeEach(() => (headers = {}));
  const taker = { header: (name: string, value: string) => ((headers[name] = value), taker) };
  // All that is asked of it is to take headers.
  const reply = taker as unknown as FastifyReply;

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
    expect(headers['ratelimit']).toMatch(/^"user";/);
  });

  it.each([0, 1])('refuse the request where group %i of them is refused, and wait no more', async (group) => {
    const requests = letWait(3);
    storage.refused = group;
    storage.answerAll();

    const counted = await Promise.allSettled(
      requests.map((request) => due.count(request, [{ key: 'account', rateLimit }])),
    );

    expect(counted.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(counted[0]).toMatchObject({ reason: { code: 'too-many-requests' } });
    expect(letWait(10)).toHaveLength(3);
  });

  it.each([
    [undefined, true],
    [2, false],
  ])(
    'are counted with one that is early, and no request is refused for that (%s: %s)',
    async (group, wanted) => {
      const [request = {}] = letWait(1);
      const [attempt, early] = ['account', 'code'].map((key) => [{ key, rateLimit }]);
      storage.refused = group;
      storage.answerAll();

      const isCounted = await due.countEarly(request, attempt ?? [], early ?? []);

      expect(isCounted).toBe(wanted);
      expect(storage.asked).toEqual([[[hit], attempt, early]]);
      expect(headers['ratelimit']).toMatch(/^"client";/);
    },
  );

  it('refuse the request where they are refused, whatever is early', async () => {
    const [request = {}] = letWait(1);
    storage.refused = 1;
    storage.answerAll();

    const counting = due.countEarly(request, [{ key: 'account', rateLimit }], [{ key: 'code', rateLimit }]);

    await expect(counting).rejects.toMatchObject({ code: 'too-many-requests' });
  });

  it('wait no more where the storage fails', async () => {
    const requests = letWait(3);
    storage.fault = new Error('broken');
    storage.answerAll();

    const counted = await Promise.allSettled(requests.map((request) => due.count(request)));

    expect(counted.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(letWait(10)).toHaveLength(3);
  });

  it('do not wait where nothing is known, or nothing is left', () => {
    storage.isAway = true;
    const away = letWait(1);
    storage.isAway = false;
    storage.room = 0;

    expect([away, letWait(1)]).toEqual([[], []]);
  });
});
