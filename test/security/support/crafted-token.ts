import { type KeyObject, createHmac, createSecretKey, randomBytes, sign } from 'node:crypto';
import type { RingKey } from '../../../src/auth/tokens/keys/ring-key.js';

/** The two parts of a JWT that can be read. */
export interface TokenParts {
  readonly header: Record<string, unknown>;
  readonly payload: Record<string, unknown>;
}

/** A part as a value (written as JSON), or as the very text or bytes to encode. */
export type Part = string | Buffer | Record<string, unknown>;

/** Settings of an app whose key the test knows, so that it can sign tokens of any content. */
export function hs256Settings(): { JWT_ALGORITHM: string; JWT_SECRET: string } {
  return { JWT_ALGORITHM: 'HS256', JWT_SECRET: randomBytes(32).toString('base64url') };
}

/** Reads header and payload of a token. */
export function partsOf(token: string): TokenParts {
  const [header = '', payload = ''] = token.split('.');
  return { header: fromBase64url(header), payload: fromBase64url(payload) };
}

/** Writes a part as base64url. */
export function encodePart(part: Part): string {
  const isRaw = typeof part === 'string' || Buffer.isBuffer(part);
  return Buffer.from(isRaw ? part : JSON.stringify(part)).toString('base64url');
}

/** A token with a right signature of this key over header and payload, whatever they say. */
export function signToken(header: Part, payload: Part, key: KeyObject): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${signatureOf(input, key).toString('base64url')}`;
}

/** A token with an HMAC signature of this secret. */
export function signWithSecret(header: Part, payload: Part, secret: string | Buffer): string {
  return signToken(header, payload, createSecretKey(Buffer.from(secret)));
}

/** Signs changed copies of a good token with the key that signed it; `undefined` removes a member. */
export class Forge {
  private readonly parts: TokenParts;

  constructor(
    goodToken: string,
    private readonly key: RingKey,
  ) {
    this.parts = partsOf(goodToken);
  }

  /** A token with these header members and claims in place of the good ones. */
  token({ header = {}, payload = {} }: Partial<TokenParts> = {}): string {
    return signToken(
      { ...this.parts.header, ...header },
      { ...this.parts.payload, ...payload },
      this.key.signingKey,
    );
  }

  /** A token whose payload is exactly this text or these bytes. */
  withRawPayload(payload: string | Buffer): string {
    return signToken(this.parts.header, payload, this.key.signingKey);
  }

  /** A token whose header is exactly this text or these bytes. */
  withRawHeader(header: string | Buffer): string {
    return signToken(header, this.parts.payload, this.key.signingKey);
  }

  get header(): Record<string, unknown> {
    return this.parts.header;
  }

  get payload(): Record<string, unknown> {
    return this.parts.payload;
  }
}

function signatureOf(input: string, key: KeyObject): Buffer {
  return key.type === 'secret'
    ? createHmac('sha256', key).update(input).digest()
    : sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
}

function fromBase64url(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
