import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from '../../../config/settings.js';
import { exportPublicJwk } from './key-material.js';
import type { KeyState, PublishedJwk, RingKey, StoredKey, UnreadableKey, VerifyingKey } from './ring-key.js';

/** A key in memory, decrypted once. It stays the same object as long as the key lives: only its times are moved. */
export class HeldKey implements VerifyingKey {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly isFromFile: boolean;
  readonly createdAt: number | null;
  readonly verifyingKey: KeyObject;
  readonly signingKey: KeyObject | undefined;
  /** The public part, or `null` for a secret, which has none. */
  readonly published: PublishedJwk | null;
  signsFrom: number | null;
  verifiesUntil: number;

  constructor(stored: StoredKey) {
    const { verifyingKey, signingKey } = stored.open();
    const jwk = exportPublicJwk({ verifyingKey });
    this.kid = stored.kid;
    this.algorithm = stored.algorithm;
    this.isFromFile = stored.isFromFile;
    this.createdAt = stored.createdAt;
    this.verifyingKey = verifyingKey;
    this.signingKey = signingKey;
    this.published = jwk && { ...jwk, kid: stored.kid, use: 'sig', alg: stored.algorithm };
    this.signsFrom = stored.signsFrom;
    this.verifiesUntil = stored.verifiesUntil;
  }

  /** Whether what is stored is this key: a kid is never used twice in the database, but may be in a file. */
  is(stored: StoredKey): boolean {
    if (!this.isFromFile || !stored.isFromFile) {
      return this.isFromFile === stored.isFromFile;
    }
    const { verifyingKey, signingKey } = stored.open();
    return (
      verifyingKey.equals(this.verifyingKey) && (signingKey === undefined) === (this.signingKey === undefined)
    );
  }

  /** What it is, beside the key that signs now. */
  stateBeside(signer: RingKey | undefined, now: number): KeyState {
    if (signer === this) {
      return 'current';
    }
    // A file does not say when: a key that could sign may be moved to its first place.
    const isWaiting = this.isFromFile ? this.signingKey !== undefined : (this.signsFrom ?? 0) > now;
    return isWaiting ? 'next' : 'previous';
  }
}

/**
 * The key that signs: the first one of the file, else the one that began last. Where none has begun, by a clock that
 * is behind the one of the process that made it, it is the one that begins first. None here where that one cannot be
 * opened: the one before it may not verify for as long as a new token lives.
 */
export function signerAmong(keys: Iterable<HeldKey | UnreadableKey>, now: number): RingKey | undefined {
  const able = [...keys].filter((key) => key.verifiesUntil > now && !isPublicAlone(key));
  const ofFile = able.find(({ isFromFile }) => isFromFile);
  const inOrder = able.toSorted((one, other) => (one.signsFrom ?? 0) - (other.signsFrom ?? 0));
  const signer = ofFile ?? inOrder.findLast(({ signsFrom }) => (signsFrom ?? 0) <= now) ?? inOrder[0];
  return signer && canSign(signer) ? signer : undefined;
}

function isPublicAlone(key: HeldKey | UnreadableKey): boolean {
  return key instanceof HeldKey && !canSign(key);
}

function canSign(key: HeldKey | UnreadableKey): key is HeldKey & RingKey {
  return key instanceof HeldKey && key.signingKey !== undefined;
}
