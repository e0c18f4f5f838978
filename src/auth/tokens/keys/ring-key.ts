import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from '../../../config/settings.js';

/** Published and verifying but not yet signing; signing; or verifying what it has signed, until that has expired. */
export type KeyState = 'next' | 'current' | 'previous';

/** A key to verify with: always a key object, which costs a tenth of what a PEM string does. */
export interface VerifyingKey {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly verifyingKey: KeyObject;
  /**
   * Unix time in milliseconds after which its tokens are refused; infinite until a successor is made. The ring moves
   * it on this very object, so that whoever remembers a token with its key hears of it.
   */
  readonly verifiesUntil: number;
}

/** A key to sign with, too. */
export interface RingKey extends VerifyingKey {
  readonly signingKey: KeyObject;
}

/** A key as it is stored: in the database, or in the file of SIGNING_KEYS_FILE. */
export interface StoredKey {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly isFromFile: boolean;
  /** Unix times in milliseconds; those of a file's keys are not known. */
  readonly createdAt: number | null;
  readonly signsFrom: number | null;
  readonly verifiesUntil: number;
  /** The key objects; `signingKey` is missing where only the public part is known. Costs a decryption. */
  open(): { readonly verifyingKey: KeyObject; readonly signingKey?: KeyObject | undefined };
}

/** What is known of a key that is stored and cannot be opened here. */
export type UnreadableKey = Pick<StoredKey, 'isFromFile' | 'signsFrom' | 'verifiesUntil'>;

/** What an administrator may see of a key. */
export interface KeyDescription {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly state: KeyState;
  readonly createdAt: number | null;
  readonly signsFrom: number | null;
  readonly verifiesUntil: number | null;
}

/** A public key as the JWK Set document lists it (RFC 7517 4). */
export type PublishedJwk = Readonly<Record<string, unknown>> & { readonly kid: string };
