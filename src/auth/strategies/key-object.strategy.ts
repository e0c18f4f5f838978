import { Strategy, type VerifyCallback } from 'passport-jwt';
import type { VerifyingKey } from '../tokens/keys/ring-key.js';
import { signedPayload } from '../tokens/signed-payload.js';
import { accessTokenOf, invalidToken, unauthenticated } from './bearer-token.js';

/** Finds the key that may verify a token. Rejects with what the request is to be refused with. */
export type KeyFinder = (token: string) => Promise<VerifyingKey>;

/**
 * passport-jwt's strategy with a verifier of its own: node:crypto with key objects, the same way for each algorithm.
 * (jsonwebtoken has no EdDSA, and passport-jwt's verifier is one for the whole process, so it is left alone.)
 */
export class KeyObjectStrategy extends Strategy {
  private readonly keyOf: KeyFinder;
  private readonly validated: VerifyCallback;

  constructor(keyOf: KeyFinder, validated: VerifyCallback) {
    // passport-jwt insists on both options; `authenticate` below is what would have used them.
    super(
      { jwtFromRequest: accessTokenOf, secretOrKeyProvider: (_request, _token, done) => done(null) },
      validated,
    );
    this.keyOf = keyOf;
    this.validated = validated;
  }

  /**
   * Called by Passport, on a copy of this strategy that can tell it the outcome. Its types know Express's requests
   * only.
   */
  override authenticate(request: any): void {
    const token = accessTokenOf(request);
    if (token === null) {
      this.refuse(unauthenticated());
      return;
    }
    this.keyOf(token)
      .then(
        (key) => this.decide(token, key),
        (reason: unknown) => this.refuse(reason),
      )
      .catch((error: Error) => this.error(error));
  }

  private decide(token: string, key: VerifyingKey): void {
    const payload = signedPayload(token, key);
    if (payload === null) {
      this.refuse(invalidToken('The token is not one of ours.'));
      return;
    }
    this.validated(payload, (error: Error | null, claims: unknown) =>
      error ? this.error(error) : this.success(claims),
    );
  }

  // Passport takes any reason; its types ask for a status where it is not a number.
  private refuse(reason: unknown): void {
    this.fail(reason, 401);
  }
}
