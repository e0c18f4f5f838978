import { parse } from 'secure-json-parse';
import { Problem } from './problem.js';

/** How deep arrays and objects of a body may nest. */
export const MAX_DEPTH = 20;

/** How many members one array or object may have: some checks take time that grows with their square. */
export const MAX_MEMBERS = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON body. An empty one is `undefined`.
 * @throws Problem `bad-request` for what is not UTF-8 or JSON, is too deep or too wide, or holds an inherited name,
 * NUL (which PostgreSQL cannot store) or half a surrogate pair (which is no Unicode text)
 */
export function readJsonBody(bytes: Buffer): unknown {
  return bytes.length === 0 ? undefined : readJson(bytes, 'The body');
}

/** Reads JSON text by the rules of `readJsonBody`; `name` begins the sentences about what is wrong. @throws Problem */
export function readJson(bytes: Buffer, name: string): unknown {
  const text = decode(bytes, name);
  refuseBombs(text, name);
  const value = parseSafely(text, name);
  refuseUnsafeText(value, name);
  return value;
}

/**
 * Whether a name means something to every object: `__proto__` and `constructor` change it, and validation passes
 * over the others in silence.
 */
export function isInheritedName(name: string): boolean {
  return name in Object.prototype || name === 'prototype';
}

function decode(bytes: Buffer, name: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem('bad-request', `${name} is not UTF-8.`);
  }
}

function parseSafely(text: string, name: string): unknown {
  try {
    return parse(text, null, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw new Problem('bad-request', `${name} is not JSON that we accept.`);
  }
}

// Counted before parsing, so that a bomb of brackets costs one pass over the text.
function refuseBombs(text: string, name: string): void {
  const members: number[] = [0];
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (isInString) {
      if (character === 0x5c) {
        index++;
      } else if (character === 0x22) {
        isInString = false;
      }
    } else if (character === 0x22) {
      isInString = true;
    } else if (character === 0x7b || character === 0x5b) {
      depth++;
      if (depth > MAX_DEPTH) {
        throw new Problem('bad-request', `${name} nests deeper than ${MAX_DEPTH} levels.`);
      }
      members[depth] = 1;
    } else if (character === 0x7d || character === 0x5d) {
      depth--;
    } else if (character === 0x2c) {
      const count = (members[depth] ?? 0) + 1;
      if (count > MAX_MEMBERS) {
        throw new Problem('bad-request', `${name} has a list or object of more than ${MAX_MEMBERS} members.`);
      }
      members[depth] = count;
    }
  }
}

function refuseUnsafeText(value: unknown, what: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !isWellFormed(value)) {
      throw new Problem('bad-request', `${what} holds a NUL character or half a surrogate pair.`);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (isInheritedName(name)) {
        throw new Problem('bad-request', `${what} holds a name that every object inherits.`);
      }
      refuseUnsafeText(name, what);
      refuseUnsafeText(member, what);
    }
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
