import { createHash } from 'node:crypto';
import { readCompactJws } from '../tokens/compact-jwt.js';
import { isSignatureRight } from '../tokens/signatures.js';
import { PROOF_ALGORITHMS, type ProofAlgorithm } from './challenge.js';
import type { ProofKeys } from './proof-keys.js';
import { namesTarget } from './target-uri.js';

/** How far `iat` may lie from our clock, to either side, in seconds (RFC 9449 11.1). */
export const WINDOW_SECONDS = 60;

/** The longest proof that is looked at, in characters; one with an RSA key of 4096 bits has about 2,000. */
export const MAX_PROOF_LENGTH = 4096;

/** The longest `jti`, in characters; a UUID has 36. */
export const MAX_JTI_LENGTH = 128;

/** A proof whose signature and claims are right; that it is not used twice remains to be seen. */
export interface DpopProof {
  /** Thumbprint of the key that signed it. */
  readonly jkt: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly iat: number;
}

/** What the proof has to be for. */
export interface ProofContext {
  readonly method: string;
  /** Without its query. */
  readonly uri: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The access token that it comes with, if there is one. */
  readonly accessToken: string | undefined;
}

/** Why a proof is refused: a sentence for whoever builds the client. */
export interface ProofFault {
  readonly fault: string;
}

/** Checks a proof as RFC 9449 4.3 says, from the cheap checks to the signature. */
export function readProof(text: string, context: ProofContext, keys: ProofKeys): DpopProof | ProofFault {
  const jws = readCompactJws(text, MAX_PROOF_LENGTH);
  if (!jws) {
    return { fault: 'The DPoP header does not hold one well-formed JWS in compact form.' };
  }
  const { typ, alg, jwk, crit } = jws.header;
  if (typ !== 'dpop+jwt' || crit !== undefined) {
    return { fault: 'The header of the proof needs `typ` dpop+jwt, and may not have `crit`.' };
  }
  if (!isProofAlgorithm(alg)) {
    return { fault: `The proof needs to be signed with one of ${PROOF_ALGORITHMS.join(', ')}.` };
  }
  const fault = faultOfClaims(jws.payload, context);
  if (fault !== null) {
    return { fault };
  }
  const key = keys.read(alg, jwk);
  if (!key) {
    return { fault: 'The `jwk` of the proof is not a public key of that algorithm that is strong enough.' };
  }
  if (!isSignatureRight(alg, key.key, Buffer.from(jws.signed), Buffer.from(jws.signature, 'base64url'))) {
    return { fault: 'The signature of the proof is not of the key in its header.' };
  }
  return { jkt: key.jkt, jti: String(jws.payload['jti']), iat: Number(jws.payload['iat']) };
}

function faultOfClaims(
  { jti, htm, htu, iat, ath }: Readonly<Record<string, unknown>>,
  { method, uri, now, accessToken }: ProofContext,
): string | null {
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) {
    return `The proof needs a \`jti\` of at most ${MAX_JTI_LENGTH} characters.`;
  }
  if (htm !== method) {
    return `The \`htm\` of the proof is not ${method}.`;
  }
  if (typeof htu !== 'string' || !namesTarget(htu, uri)) {
    return `The \`htu\` of the proof is not ${uri}.`;
  }
  if (typeof iat !== 'number' || !(Math.abs(now / 1000 - iat) <= WINDOW_SECONDS)) {
    return `The \`iat\` of the proof is not within ${WINDOW_SECONDS} seconds of our clock.`;
  }
  if (accessToken !== undefined && ath !== hashOf(accessToken)) {
    return 'The `ath` of the proof is not the SHA-256 hash of this access token in base64url.';
  }
  return null;
}

function hashOf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url');
}

function isProofAlgorithm(value: unknown): value is ProofAlgorithm {
  return PROOF_ALGORITHMS.some((algorithm) => algorithm === value);
}
