import type { FastifyRequest } from 'fastify';
import type { AccessTokenClaims } from './access-token-claims.js';

/** A request after `JwtAuthGuard`: with the claims of its access token, if it was asked for one. */
export type AuthenticatedRequest = FastifyRequest & { user?: AccessTokenClaims };
