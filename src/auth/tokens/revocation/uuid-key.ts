import { randomInt } from 'node:crypto';

// Whoever could choose ids could not choose where they come to lie.
const SEED = randomInt(2 ** 32) | 0;

/**
 * A UUID as four 32-bit words, with their hash. One key is read into again and again, so that a look-up allocates
 * nothing. What is no UUID must not come here: it would be read as some other.
 */
export class UuidKey {
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  hash = 0;

  /** Takes over the UUID written in a text of 36 characters, in either case (RFC 9562 4). */
  read(text: string): this {
    this.a = (fourDigits(text, 0) << 16) | fourDigits(text, 4);
    this.b = (fourDigits(text, 9) << 16) | fourDigits(text, 14);
    this.c = (fourDigits(text, 19) << 16) | fourDigits(text, 24);
    this.d = (fourDigits(text, 28) << 16) | fourDigits(text, 32);
    this.hash = hashOf(this.a, this.b, this.c, this.d);
    return this;
  }
}

/** 32 bits that depend on all 128: the first words of a UUIDv7 are a time, and alike (MurmurHash3, 32 bits). */
export function hashOf(a: number, b: number, c: number, d: number): number {
  let hash = mix(mix(mix(mix(SEED, a), b), c), d);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function fourDigits(text: string, at: number): number {
  return (
    (digit(text, at) << 12) | (digit(text, at + 1) << 8) | (digit(text, at + 2) << 4) | digit(text, at + 3)
  );
}

// 0 to 9 are 0x30 and on; letters, large or small, have bit 6 set and count from 1.
function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return (code & 15) + (code >> 6) * 9;
}
