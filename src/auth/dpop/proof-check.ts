import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditLog } from '../../audit/audit-log.js';
import { callerOf } from '../../http/caller.decorator.js';
import type { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { usesDpopScheme } from '../strategies/bearer-token.js';
import { invalidDpopToken, invalidProof } from './challenge.js';
import { type DpopProof, type ProofFault, readProof } from './dpop-proof.js';
import { ProofKeys } from './proof-keys.js';
import { ProofStore } from './proof-store.js';
import { targetUriOf } from './target-uri.js';

interface BoundToken {
  readonly token: string;
  readonly jkt: string;
}

/** Asks for proof that whoever sends a request holds a key (RFC 9449). */
@Injectable()
export class ProofCheck {
  private readonly keys = new ProofKeys();

  constructor(
    private readonly clock: Clock,
    private readonly store: ProofStore,
    private readonly audit: AuditLog,
  ) {}

  /**
   * The thumbprint of the key that a request brings proof of, or `null` where it has no `DPoP` header (RFC 9449 5).
   * @throws Problem `invalid-dpop-proof`
   */
  async keyOf(request: FastifyRequest): Promise<string | null> {
    if (request.headers['dpop'] === undefined) {
      return null;
    }
    const proof = await this.readOnce(request);
    if ('fault' in proof) {
      throw invalidProof(proof.fault);
    }
    return proof.jkt;
  }

  /**
   * Lets a bound token pass with proof of its key, and no other token that comes as one (RFC 9449 7.1, 7.2).
   * @throws Problem `invalid-token` for the wrong scheme, `invalid-dpop-proof` for the wrong proof
   */
  async admit(request: FastifyRequest, token: string, { sub, sid, cnf }: AccessTokenClaims): Promise<true> {
    if (cnf === undefined) {
      throw invalidDpopToken('This token is not bound to a key: send it as “Bearer <token>”.');
    }
    const fault = await this.faultOf(request, { token, jkt: cnf.jkt });
    if (fault !== null) {
      this.audit.record('dpop-proof-refused', { userId: sub, sessionId: sid }, callerOf(request));
      throw fault;
    }
    return true;
  }

  private async faultOf(request: FastifyRequest, bound: BoundToken): Promise<Problem | null> {
    if (!usesDpopScheme(request)) {
      return invalidDpopToken('This token is bound to a key: send it as “DPoP <token>”, with a proof.');
    }
    const proof = await this.readOnce(request, bound);
    return 'fault' in proof ? invalidProof(proof.fault) : null;
  }

  private async readOnce(request: FastifyRequest, bound?: BoundToken): Promise<DpopProof | ProofFault> {
    const headers = request.raw.headersDistinct['dpop'] ?? [];
    if (headers.length !== 1) {
      return { fault: 'The request needs one DPoP header.' };
    }
    const context = {
      method: request.method,
      uri: targetUriOf(request),
      now: this.clock.now(),
      accessToken: bound?.token,
    };
    const proof = readProof(headers[0] ?? '', context, this.keys);
    if ('fault' in proof) {
      return proof;
    }
    if (bound && proof.jkt !== bound.jkt) {
      return { fault: 'The proof is of another key than the token is bound to.' };
    }
    return (await this.store.useOnce(proof))
      ? proof
      : { fault: 'The proof was used before, or may have been: make a new one for each request.' };
  }
}
