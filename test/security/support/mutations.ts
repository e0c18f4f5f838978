const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~!%"{}[]:,;*';

/** A source of numbers from 0 up to 1 that is the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Mutation = (token: string, below: (bound: number) => number, other: string) => string;

const MUTATIONS: readonly Mutation[] = [
  function replaceCharacter(token, below) {
    const at = below(token.length);
    return token.slice(0, at) + anyCharacter(below) + token.slice(at + 1);
  },
  function insertCharacter(token, below) {
    const at = below(token.length);
    return token.slice(0, at) + anyCharacter(below) + token.slice(at);
  },
  function deleteCharacters(token, below) {
    const at = below(token.length);
    return token.slice(0, at) + token.slice(at + 1 + below(5));
  },
  function cutOff(token, below) {
    return token.slice(0, 1 + below(token.length - 1));
  },
  function repeatStretch(token, below) {
    const at = below(token.length);
    return token.slice(0, at) + token.slice(at, at + 1 + below(40)) + token.slice(at);
  },
  function swapNeighbours(token, below) {
    const at = below(token.length - 1);
    return token.slice(0, at) + token.charAt(at + 1) + token.charAt(at) + token.slice(at + 2);
  },
  function flipBit(token, below) {
    const parts = token.split('.');
    const index = below(parts.length);
    const bytes = Buffer.from(parts[index] ?? '', 'base64url');
    const at = below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << below(8)), at);
    return parts.with(index, bytes.toString('base64url')).join('.');
  },
  // The last letter of a part has bits that say nothing: another letter can mean the same bytes.
  function respellEnd(token, below) {
    const parts = token.split('.');
    const index = below(parts.length);
    return parts.with(index, (parts[index] ?? '').slice(0, -1) + anyCharacter(below)).join('.');
  },
  function takePartOfOther(token, below, other) {
    const parts = token.split('.');
    const index = below(2) + 1;
    return parts.with(index, other.split('.')[index] ?? '').join('.');
  },
  function shuffleParts(token, below) {
    const [header, payload, signature] = token.split('.');
    const orders = [
      [payload, header, signature],
      [signature, payload, header],
      [header, signature, payload],
      [header, payload, payload],
      [header, header, signature],
    ];
    return (orders[below(orders.length)] ?? []).join('.');
  },
  function editPayload(token, below) {
    const parts = token.split('.');
    const text = Buffer.from(parts[1] ?? '', 'base64url').toString();
    const at = below(text.length);
    const edited = text.slice(0, at) + anyCharacter(below) + text.slice(at + below(2));
    return parts.with(1, Buffer.from(edited).toString('base64url')).join('.');
  },
];

/** So many broken copies of a token, each different from it; `other` is a good token to take parts from. */
export function mutatedTokens(token: string, other: string, count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const mutated: string[] = [];
  while (mutated.length < count) {
    const mutate = MUTATIONS[below(MUTATIONS.length)];
    const changed = mutate?.(token, below, other);
    if (changed !== undefined && changed !== token) {
      mutated.push(changed);
    }
  }
  return mutated;
}

function anyCharacter(below: (bound: number) => number): string {
  return ALPHABET.charAt(below(ALPHABET.length));
}
