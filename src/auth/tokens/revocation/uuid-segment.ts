import { hashOf, type UuidKey } from './uuid-key.js';

const SLOTS = 1024;
const MASK = SLOTS - 1;
const FULL_AT = SLOTS * 0.75;
/** A slot: the four words of the id, and its number, which is 0 in an empty slot. */
const WORDS = 5;

type Words = Pick<UuidKey, 'a' | 'b' | 'c' | 'd' | 'hash'>;

/** Numbers above 0 by UUID, 768 at most, in 20 kB: open addressing with linear probing. Nothing is taken out singly. */
export class UuidSegment {
  count = 0;
  /** How many leading bits of the hash all its ids have in common: those by which it was split off. */
  depth = 0;
  private readonly slots = new Int32Array(SLOTS * WORDS);

  get isFull(): boolean {
    return this.count >= FULL_AT;
  }

  /** Forgets all ids. */
  clear(depth: number): this {
    if (this.count > 0) {
      this.slots.fill(0);
    }
    this.count = 0;
    this.depth = depth;
    return this;
  }

  /** The number of an id, or 0 where it has none. */
  get(key: UuidKey): number {
    return this.slots[this.find(key) + 4] ?? 0;
  }

  /** Gives an id its number, unless it has a higher one. Must not be full, where the id is new. */
  raise(words: Words, number: number): void {
    const at = this.find(words);
    const { slots } = this;
    if (slots[at + 4] === 0) {
      this.count++;
    }
    slots[at] = words.a;
    slots[at + 1] = words.b;
    slots[at + 2] = words.c;
    slots[at + 3] = words.d;
    slots[at + 4] = Math.max(number, slots[at + 4] ?? 0);
  }

  /** Gives its ids to two others, by the first bit of the hash that they do not all have in common. */
  splitInto(zero: UuidSegment, one: UuidSegment): void {
    const { slots } = this;
    for (let at = 0; at < slots.length; at += WORDS) {
      const number = slots[at + 4] ?? 0;
      if (number !== 0) {
        const words = wordsAt(slots, at);
        const isOne = ((words.hash << this.depth) & (1 << 31)) !== 0;
        (isOne ? one : zero).raise(words, number);
      }
    }
  }

  /** Where the id is, or the empty slot where it belongs. */
  private find({ a, b, c, d, hash }: Words): number {
    const { slots } = this;
    let slot = hash & MASK;
    for (;;) {
      const at = slot * WORDS;
      if (slots[at + 4] === 0) {
        return at;
      }
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) {
        return at;
      }
      slot = (slot + 1) & MASK;
    }
  }
}

function wordsAt(slots: Int32Array, at: number): Words {
  const [a, b, c, d] = [slots[at] ?? 0, slots[at + 1] ?? 0, slots[at + 2] ?? 0, slots[at + 3] ?? 0];
  return { a, b, c, d, hash: hashOf(a, b, c, d) };
}
