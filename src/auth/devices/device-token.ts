import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
const SHAPE = /^([A-Za-z0-9_-]{22})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/**
 * What a browser keeps that has signed in to an account: a random id, when it was given (Unix time in seconds), and an
 * HMAC-SHA-256 over both and the account. It proves no identity and opens nothing: only its attempts are counted apart.
 */
export function makeDeviceToken(key: Buffer, account: string, givenAt: number, id = newDeviceId()): string {
  return `${id}.${givenAt}.${macOf(key, account, id, givenAt).toString('base64url')}`;
}

/** The id in a device token if it is one of ours, for this account, and not older than `maxAge` seconds. */
export function readDeviceToken(
  key: Buffer,
  account: string,
  token: string,
  { now, maxAge }: { now: number; maxAge: number },
): string | undefined {
  const [, id, givenAt, mac] = SHAPE.exec(token) ?? [];
  if (id === undefined || givenAt === undefined || mac === undefined) {
    return undefined;
  }
  const isOurs = timingSafeEqual(macOf(key, account, id, Number(givenAt)), Buffer.from(mac, 'base64url'));
  return isOurs && Number(givenAt) + maxAge > now ? id : undefined;
}

function newDeviceId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

function macOf(key: Buffer, account: string, id: string, givenAt: number): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([account, id, givenAt]))
    .digest();
}
