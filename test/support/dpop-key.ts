import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, type JWK, SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { Answer, Client, Sending } from './client.js';

/** What a proof says; what is given here takes the place of what would be right. */
export interface ProofParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** The key of a client, and the proofs that it makes with it (RFC 9449 4), as `jose` would. */
export class DpopKey {
  private constructor(
    readonly algorithm: string,
    readonly privateKey: CryptoKey,
    readonly publicJwk: JWK,
    /** Its RFC 7638 thumbprint. */
    readonly jkt: string,
    private readonly now: () => number,
  ) {}

  /** A new key; `now` says the time in milliseconds. */
  static async make(
    clock: { now(): number } = Date,
    algorithm = 'ES256',
    modulusLength = 2048,
  ): Promise<DpopKey> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { modulusLength, extractable: true });
    const jwk = await exportJWK(publicKey);
    return new DpopKey(algorithm, privateKey, jwk, await calculateJwkThumbprint(jwk), () => clock.now());
  }

  /** A proof for one request, with `ath` where it goes with an access token. */
  async proof(
    method: string,
    uri: string,
    token?: string,
    { header, payload }: ProofParts = {},
  ): Promise<string> {
    const claims = {
      jti: randomUUID(),
      htm: method,
      htu: uri,
      iat: Math.floor(this.now() / 1000),
      ...(token !== undefined && { ath: athOf(token) }),
      ...payload,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: this.algorithm, typ: 'dpop+jwt', jwk: this.publicJwk, ...header })
      .sign(this.privateKey);
  }

  /** Sends a request with a proof, and with the access token that is bound to this key. */
  async send(
    client: Client,
    method: string,
    path: string,
    { token, headers, ...sending }: Sending = {},
  ): Promise<Answer> {
    const dpop = await this.proof(method, `${client.url}${path.split('?')[0]}`, token);
    const authorization = token !== undefined && { authorization: `DPoP ${token}` };
    return client.send(method, path, { ...sending, headers: { dpop, ...authorization, ...headers } });
  }
}

/** The hash of an access token as a proof names it. */
export function athOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
