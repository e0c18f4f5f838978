import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccountPassword } from '../passwords/passwords.service.js';

const ID_BYTES = 16;
const SHAPE = /^([A-Za-z0-9_-]{22})\.(\d{1,12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** A device token that is one of ours, for the address that it was sent with. */
export interface SentDeviceToken {
  readonly id: string;
  /** Which password it was given for. */
  readonly passwordMac: string;
}

/**
 * What a browser keeps that has signed in to an account: a random id, when it was given (Unix time in seconds), an
 * HMAC-SHA-256 that stands for the account's password, and one over these and the address (`account`). So it is known
 * without a query whether it is one of ours. It proves no identity and opens nothing: only its attempts are counted apart.
 */
export function makeDeviceToken(
  key: Buffer,
  account: string,
  password: AccountPassword,
  givenAt: number,
  id = newDeviceId(),
): string {
  const passwordMac = passwordMacOf(key, password);
  return `${id}.${givenAt}.${passwordMac}.${macOf(key, account, id, givenAt, passwordMac).toString('base64url')}`;
}

/** Reads a device token if it is one of ours, for this address, and not older than `maxAge` seconds. */
export function readDeviceToken(
  key: Buffer,
  account: string,
  token: string,
  { now, maxAge }: { now: number; maxAge: number },
): SentDeviceToken | undefined {
  const [, id, givenAt, passwordMac, mac] = SHAPE.exec(token) ?? [];
  if (id === undefined || givenAt === undefined || passwordMac === undefined || mac === undefined) {
    return undefined;
  }
  const expected = macOf(key, account, id, Number(givenAt), passwordMac);
  const isOurs = timingSafeEqual(expected, Buffer.from(mac, 'base64url'));
  return isOurs && Number(givenAt) + maxAge > now ? { id, passwordMac } : undefined;
}

/** Whether a token that is one of ours was given for this password of this account. */
export function isGivenFor(
  key: Buffer,
  { passwordMac }: SentDeviceToken,
  password: AccountPassword,
): boolean {
  return passwordMac === passwordMacOf(key, password);
}

function newDeviceId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

function passwordMacOf(key: Buffer, { userId, setAt }: AccountPassword): string {
  return hmac(key, [userId, setAt.getTime()]).toString('base64url');
}

function macOf(key: Buffer, account: string, id: string, givenAt: number, passwordMac: string): Buffer {
  return hmac(key, [account, id, givenAt, passwordMac]);
}

function hmac(key: Buffer, values: readonly unknown[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(values)).digest();
}
