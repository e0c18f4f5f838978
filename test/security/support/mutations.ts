import fc from 'fast-check';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~!%"{}[]:,;*';

/** Breaks a token somewhere; `below` draws a number from 0 up to a bound, `other` is a good token to take parts from. */
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
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
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

/** Copies of a token that are broken in one to three places, each different from it. */
export function brokenCopiesOf(token: string, other: string): fc.Arbitrary<string> {
  const mutation = fc.record({
    mutate: fc.constantFrom(...MUTATIONS),
    draws: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  });
  return fc
    .array(mutation, { minLength: 1, maxLength: 3 })
    .map((mutations) =>
      mutations.reduce(
        (copy, { mutate, draws }) => (isWhole(copy) ? mutate(copy, drawFrom(draws), other) : copy),
        token,
      ),
    )
    .filter((copy) => copy !== token && copy !== other);
}

// What is broken beyond this is broken enough.
function isWhole(token: string): boolean {
  const parts = token.split('.');
  return parts.length === 3 && parts.every((part) => part.length > 4);
}

function drawFrom(numbers: readonly number[]): (bound: number) => number {
  let next = 0;
  return (bound) => (numbers[next++ % numbers.length] ?? 0) % Math.max(1, bound);
}

function anyCharacter(below: (bound: number) => number): string {
  return ALPHABET.charAt(below(ALPHABET.length));
}
