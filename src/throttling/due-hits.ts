import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { enforce, refuse } from './limiting.js';
import type { Hit, HitGroup, RateLimitState } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';

interface Due {
  readonly reply: FastifyReply;
  readonly groups: readonly HitGroup[];
  /** Those that this process has let wait. */
  readonly waiting: readonly Hit[];
}

/**
 * Hits that wait for what else is to be counted for the same request, so that a shared storage is asked once. Whatever
 * still waits when the answer is there is counted then.
 */
@Injectable()
export class DueHits {
  private readonly due = new WeakMap<object, Due>();
  private readonly waiting = new Map<string, number>();

  constructor(private readonly storage: RateLimitStorage) {}

  /** Whether hits of a request are due. */
  areThere(request: object): boolean {
    return this.due.has(request);
  }

  /** Adds a group of hits to those that are to be counted for a request. */
  add(request: object, reply: FastifyReply, hits: HitGroup): void {
    const { groups = [], waiting = [] } = this.due.get(request) ?? {};
    this.due.set(request, { reply, groups: hits.length > 0 ? [...groups, hits] : groups, waiting });
  }

  /**
   * Lets what is due for a request wait, where counting takes a round trip and there is room as far as this process knows.
   * What waits already is taken for counted: of many at once no more wait than there is room for.
   */
  letWait(request: object): boolean {
    const due = this.due.get(request);
    const hits = due?.groups.flat() ?? [];
    if (!due || !hits.every((hit) => this.hasRoomFor(hit))) {
      return false;
    }
    hits.forEach((hit) => this.note(hit, 1));
    this.due.set(request, { ...due, waiting: hits });
    return true;
  }

  /**
   * Counts what is due for a request, then `more`, in one go. The answer's headers tell of what was due last.
   * @throws Problem `too-many-requests`
   */
  async count(request: object | undefined, more: HitGroup = []): Promise<true> {
    await this.countAll(request, more);
    return true;
  }

  /**
   * The same, and `early` last, of which is not known yet whether it may stay counted: answers with whether there was room
   * for it, and refuses nothing where there was none.
   * @throws Problem `too-many-requests`
   */
  async countEarly(request: object | undefined, more: HitGroup, early: HitGroup): Promise<boolean> {
    const state = await this.countAll(request, more, early);
    return state?.isAllowed === true;
  }

  private async countAll(
    request: object | undefined,
    more: HitGroup,
    early?: HitGroup,
  ): Promise<RateLimitState | undefined> {
    const due = request && this.due.get(request);
    const ofDue = due?.groups ?? [];
    const groups = more.length > 0 ? [...ofDue, more] : ofDue;
    if (request) {
      this.due.delete(request);
    }
    if (groups.length === 0) {
      return undefined;
    }
    const states = await this.hitInTurn(early ? [...groups, early] : groups, due?.waiting ?? []);
    refuse(states.slice(0, groups.length));
    const told = states[ofDue.length - 1];
    if (due && told) {
      enforce(due.reply, told);
    }
    return states[groups.length];
  }

  private async hitInTurn(
    groups: readonly HitGroup[],
    waiting: readonly Hit[],
  ): Promise<readonly RateLimitState[]> {
    try {
      return await this.storage.hitInTurn(groups);
    } finally {
      waiting.forEach((hit) => this.note(hit, -1));
    }
  }

  private hasRoomFor(hit: Hit): boolean {
    const state = this.storage.expect(hit);
    return state !== null && state.isAllowed && (this.waiting.get(nameOf(hit)) ?? 0) < state.remaining;
  }

  private note(hit: Hit, change: 1 | -1): void {
    const name = nameOf(hit);
    const count = (this.waiting.get(name) ?? 0) + change;
    if (count === 0) {
      this.waiting.delete(name);
    } else {
      this.waiting.set(name, count);
    }
  }
}

function nameOf({ key, rateLimit }: Hit): string {
  return `${rateLimit.name}:${key}`;
}
