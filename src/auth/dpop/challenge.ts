import { Problem } from '../../http/problem.js';

/** With what a proof may be signed: asymmetric signatures that are strong enough (RFC 9449 4.2). */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const;
export type ProofAlgorithm = (typeof PROOF_ALGORITHMS)[number];

/** The challenge of RFC 9449 7.1 with these parameters. */
export function dpopChallenge(parameters: string): string {
  return `DPoP ${parameters}, algs="${PROOF_ALGORITHMS.join(' ')}"`;
}

/** A 401 for a proof that is missing or wrong. */
export function invalidProof(detail: string): Problem {
  return new Problem('invalid-dpop-proof', detail, {
    headers: { 'www-authenticate': dpopChallenge('error="invalid_dpop_proof"') },
  });
}

/** A 401 for a token that is not good, or not sent as it has to be, where proofs come into it. */
export function invalidDpopToken(detail: string): Problem {
  return new Problem('invalid-token', detail, {
    headers: { 'www-authenticate': dpopChallenge('error="invalid_token"') },
  });
}
