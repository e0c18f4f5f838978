import { type KeyObject, createHash, createPublicKey } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ProofAlgorithm } from './challenge.js';

/** The key in a proof. */
export interface ProofKey {
  readonly key: KeyObject;
  /** RFC 7638 thumbprint (SHA-256, base64url). */
  readonly jkt: string;
}

type Jwk = Readonly<Record<string, unknown>>;

// RFC 7518 6.2.2, 6.3.2, 6.4.1. Node would take a private key and use its public part.
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const RSA_BITS = { least: 2048, most: 4096 };

/** For each algorithm, the members of the thumbprint in their order (RFC 7638 3.2, RFC 8037 2), and what else must be so. */
const KINDS: Readonly<Record<ProofAlgorithm, { members: readonly string[]; fits: (jwk: Jwk) => boolean }>> = {
  ES256: { members: ['crv', 'kty', 'x', 'y'], fits: ({ kty, crv }) => kty === 'EC' && crv === 'P-256' },
  EdDSA: { members: ['crv', 'kty', 'x'], fits: ({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519' },
  PS256: { members: ['e', 'kty', 'n'], fits: isStrongRsa },
  RS256: { members: ['e', 'kty', 'n'], fits: isStrongRsa },
};

/** How many keys are remembered; the one unused for longest goes first. About 0.5 kB each, more for RSA. */
export const MAX_KEYS = 5000;

/** The keys that clients sign their proofs with: reading one costs as much as checking a signature, so they are kept. */
export class ProofKeys {
  private readonly known = new LRUCache<string, ProofKey>({ max: MAX_KEYS });

  /** The public key of a `jwk` header for an algorithm, or `null` where it is private, too weak or no such key. */
  read(algorithm: ProofAlgorithm, jwk: unknown): ProofKey | null {
    const { members, fits } = KINDS[algorithm];
    if (!isObject(jwk) || PRIVATE_MEMBERS.some((name) => name in jwk) || !fits(jwk)) {
      return null;
    }
    const text = thumbprintInput(jwk, members);
    const known = this.known.get(text);
    if (known) {
      return known;
    }
    const key = importKey(jwk);
    if (!key) {
      return null;
    }
    const read = { key, jkt: thumbprintOf(key, members) };
    this.known.set(text, read);
    return read;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.known.size;
  }
}

function importKey(jwk: Jwk): KeyObject | null {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return null; // a point that is not on the curve, a member that is missing or no base64url
  }
}

// Of the key as it was understood, not as it was written: leading zeros make no second key.
function thumbprintOf(key: KeyObject, members: readonly string[]): string {
  const input = thumbprintInput({ ...key.export({ format: 'jwk' }) }, members);
  return createHash('sha256').update(input).digest('base64url');
}

// RFC 7638 3: the required members and no other, in the order of their names, without spaces.
function thumbprintInput(jwk: Jwk, members: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
}

// The exponent that everybody uses: others make signatures weak (3) or slow (a large one).
function isStrongRsa({ kty, n, e }: Jwk): boolean {
  if (kty !== 'RSA' || e !== 'AQAB' || typeof n !== 'string') {
    return false;
  }
  const bits = bitLengthOf(Buffer.from(n, 'base64url'));
  return bits >= RSA_BITS.least && bits <= RSA_BITS.most;
}

function bitLengthOf(bytes: Buffer): number {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start === -1 ? 0 : (bytes.length - start) * 8 - Math.clz32(bytes.readUInt8(start)) + 24;
}

function isObject(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
