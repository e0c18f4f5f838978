import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { RingKey } from './keys/ring-key.js';
import { signEdDsa } from './signatures.js';

/** Signs claims as an access token (RFC 9068 2.1): @nestjs/jwt does, and node:crypto where it cannot (EdDSA). */
@Injectable()
export class TokenSigner {
  constructor(private readonly jwt: JwtService) {}

  /** The token in compact form (RFC 7515 3.1). The claims hold every time already. */
  async sign(claims: object, { kid, algorithm, signingKey }: RingKey): Promise<string> {
    const header = { alg: algorithm, typ: 'at+jwt', kid };
    if (algorithm === 'EdDSA') {
      const input = `${encode(header)}.${encode(claims)}`;
      return `${input}.${signEdDsa(signingKey, Buffer.from(input)).toString('base64url')}`;
    }
    return this.jwt.signAsync(claims, { algorithm, privateKey: signingKey, header });
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
