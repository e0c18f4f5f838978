import type { FastifyRequest } from 'fastify';

/** Says who sends a request where that is known already, so that it can be counted in the same round trip as its address. */
export abstract class KnownPrincipals {
  /** The id of the user whose token has been verified before, if the request bears one. */
  abstract of(request: FastifyRequest): string | undefined;
}
