import {
  type JsonWebKey,
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign,
  verify,
} from 'node:crypto';
import { JWT_ALGORITHMS, type JwtAlgorithm } from '../../../config/settings.js';
import { weaknessOf } from '../../../config/weak-secrets.js';
import { unfitnessOf } from './key-strength.js';
import type { StoredKey } from './ring-key.js';

// The longest kid that is looked at in a token.
const MAX_KID_LENGTH = 100;

interface OpenedKey {
  readonly verifyingKey: KeyObject;
  readonly signingKey?: KeyObject | undefined;
}

/** The keys of a JWK Set (RFC 7517 5) that can be used, and a sentence about each fault; never a part of a key. */
export function parseJwkSet(text: string): { keys: StoredKey[]; faults: string[] } {
  const list = listIn(text);
  if (list === null || list.length === 0) {
    return { keys: [], faults: ['It is not a JWK Set: {"keys": [...]} with one key at least.'] };
  }
  const parsed = list.map(parseJwk);
  const faults = parsed.flatMap((outcome, index) =>
    typeof outcome === 'string' ? `Key ${index + 1} ${outcome}.` : [],
  );
  const keys = parsed.filter((outcome) => typeof outcome !== 'string');
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    faults.push('Two keys have the same kid.');
  }
  const [first] = parsed;
  if (typeof first === 'object' && !first.open().signingKey) {
    faults.push('Key 1 has no private part: the first key signs.');
  }
  return { keys, faults };
}

/** A key, or what is wrong with it, as the rest of a sentence. */
function parseJwk(value: unknown): StoredKey | string {
  if (!isJwk(value)) {
    return 'is not a JSON object';
  }
  const { kid, alg, use } = value;
  if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH) {
    return `has no kid of 1 to ${MAX_KID_LENGTH} characters`;
  }
  const algorithm = JWT_ALGORITHMS.find((known) => known === alg);
  if (algorithm === undefined) {
    return `(${kid}) has no alg that is one of ${JWT_ALGORITHMS.join(', ')}`;
  }
  if (use !== undefined && use !== 'sig') {
    return `(${kid}) is not for signing: its use is not sig`;
  }
  const opened = open(value, algorithm);
  if (typeof opened === 'string') {
    return `(${kid}) ${opened}`;
  }
  return {
    kid,
    algorithm,
    isFromFile: true,
    createdAt: null,
    signsFrom: null,
    verifiesUntil: Infinity,
    open: () => opened,
  };
}

function open(jwk: JsonWebKey, algorithm: JwtAlgorithm): OpenedKey | string {
  let opened: OpenedKey;
  try {
    opened = algorithm === 'HS256' ? openSecret(jwk) : openPair(jwk);
  } catch {
    // What node:crypto says may quote the key.
    return 'cannot be read as a JWK: a member is missing or damaged';
  }
  const { verifyingKey, signingKey } = opened;
  const unfitness = unfitnessOf(algorithm, verifyingKey);
  if (unfitness) {
    return unfitness;
  }
  if (signingKey?.type === 'private' && !belongTogether(jwk, signingKey, verifyingKey)) {
    return 'has a private and a public part that do not belong together';
  }
  const weakness = algorithm === 'HS256' ? weaknessOf(verifyingKey.export().toString('latin1')) : null;
  return weakness ?? opened;
}

function openSecret({ kty, k }: JsonWebKey): OpenedKey {
  if (kty !== 'oct' || typeof k !== 'string') {
    throw new Error('not a secret');
  }
  const key = createSecretKey(Buffer.from(k, 'base64url'));
  return { verifyingKey: key, signingKey: key };
}

function openPair(jwk: JsonWebKey): OpenedKey {
  if (jwk.d === undefined) {
    return { verifyingKey: createPublicKey({ key: jwk, format: 'jwk' }) };
  }
  const signingKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { signingKey, verifyingKey: createPublicKey(signingKey) };
}

// node:crypto takes both parts as they come: what others verify with the public one has to be what we sign.
function belongTogether(jwk: JsonWebKey, signingKey: KeyObject, verifyingKey: KeyObject): boolean {
  const digest = signingKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const probe = Buffer.from('a key signs what its public part verifies');
  const { x, n } = verifyingKey.export({ format: 'jwk' });
  return verify(digest, probe, verifyingKey, sign(digest, probe, signingKey)) && x === jwk.x && n === jwk.n;
}

function isJwk(value: unknown): value is JsonWebKey {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listIn(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    const keys: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'keys') : null;
    return Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}
