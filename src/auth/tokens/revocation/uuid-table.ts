import { hashOf, type UuidKey } from './uuid-key.js';

const SEGMENTS = 256;
/** By how much a hash is shifted to give the number of its segment. */
const SEGMENT_SHIFT = 24;
const FIRST_SLOTS = 16;
/** Of the first test: 64 kB, which stay in the processor's cache. */
const BITS = 2 ** 19;
/** A slot: the four words of the id, and its number, which is 0 in an empty slot. */
const WORDS = 5;

/**
 * Numbers above 0 by UUID, exactly: all 128 bits are compared. 20 bytes a slot outside the JavaScript heap, where a Map
 * of strings takes over 100 for an id. It grows one 256th at a time, so that no growth is felt, and is used again once its
 * ids have expired: memory that is given back and asked for anew is what makes the garbage collector stop the process.
 */
export class UuidTable {
  private segments = noSegments();
  /** What was inside before `clear`, to be used again. */
  private spent = noSegments();
  private count = 0;
  /** A bit for each id that is inside; most ids that are not are known by it, and looked for no further. */
  private readonly bits = new Int32Array(BITS / 32);

  /** The number of an id, or 0 where it has none. */
  get(key: UuidKey): number {
    const bit = bitOf(key);
    if (((this.bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) {
      return 0;
    }
    return this.segments[key.hash >>> SEGMENT_SHIFT]?.get(key) ?? 0;
  }

  /** Gives an id its number, unless it has a higher one. */
  raise(key: UuidKey, number: number): void {
    const segment = (this.segments[key.hash >>> SEGMENT_SHIFT] ??= this.takeSegment(
      key.hash >>> SEGMENT_SHIFT,
    ));
    this.count -= segment.count;
    segment.raise(key, number);
    this.count += segment.count;
    const bit = bitOf(key);
    this.bits[bit >>> 5] = (this.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  /** Forgets all ids at once. Their memory is emptied bit by bit, as the next ids come in. */
  clear(): void {
    this.spent = this.segments;
    this.segments = noSegments();
    this.bits.fill(0);
    this.count = 0;
  }

  /** How many ids have a number. */
  get size(): number {
    return this.count;
  }

  private takeSegment(index: number): Segment {
    const spent = this.spent[index];
    this.spent[index] = undefined;
    return spent?.isWorthKeeping ? spent.clear() : new Segment();
  }
}

function noSegments(): (Segment | undefined)[] {
  return Array.from({ length: SEGMENTS });
}

function bitOf({ hash }: UuidKey): number {
  return (hash >>> 7) & (BITS - 1);
}

type Words = Pick<UuidKey, 'a' | 'b' | 'c' | 'd' | 'hash'>;

/** Open addressing with linear probing, at most three quarters full. Nothing is ever taken out of it. */
class Segment {
  count = 0;
  private slots = new Int32Array(FIRST_SLOTS * WORDS);
  private mask = FIRST_SLOTS - 1;

  /** Whether as many ids again would need its memory, or nearly. */
  get isWorthKeeping(): boolean {
    return this.count * 4 >= this.mask;
  }

  clear(): this {
    this.slots.fill(0);
    this.count = 0;
    return this;
  }

  get(key: UuidKey): number {
    return this.slots[this.find(key) + 4] ?? 0;
  }

  raise(key: UuidKey, number: number): void {
    let at = this.find(key);
    if (this.slots[at + 4] === 0) {
      if (this.count * 4 >= this.mask * 3) {
        this.grow();
        at = this.find(key);
      }
      this.count++;
    }
    const { slots } = this;
    slots[at] = key.a;
    slots[at + 1] = key.b;
    slots[at + 2] = key.c;
    slots[at + 3] = key.d;
    slots[at + 4] = Math.max(number, slots[at + 4] ?? 0);
  }

  /** Where the id is, or the empty slot where it belongs. */
  private find({ a, b, c, d, hash }: Words): number {
    const { slots, mask } = this;
    let slot = hash & mask;
    for (;;) {
      const at = slot * WORDS;
      if (slots[at + 4] === 0) {
        return at;
      }
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) {
        return at;
      }
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array((this.mask + 1) * WORDS);
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from + 4] !== 0) {
        const at = this.find(wordsAt(old, from));
        for (let word = 0; word < WORDS; word++) {
          this.slots[at + word] = old[from + word] ?? 0;
        }
      }
    }
  }
}

function wordsAt(slots: Int32Array, at: number): Words {
  const [a, b, c, d] = [slots[at] ?? 0, slots[at + 1] ?? 0, slots[at + 2] ?? 0, slots[at + 3] ?? 0];
  return { a, b, c, d, hash: hashOf(a, b, c, d) };
}
