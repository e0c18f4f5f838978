/** Who may call a route, as its decorator tells OpenAPI (`x-access`) until the document is finished. */
export const ACCESS_EXTENSION = 'x-access';

/** Under which a route says how many minutes ago the password may have been proved at most (`@Fresh()`). */
export const FRESH_EXTENSION = 'x-fresh';

/**
 * `public` reads no token; `optional` reads one where it is sent; `service` asks for the credentials of a service; a
 * list names the roles, one of which is needed.
 */
export type Access = 'public' | 'optional' | 'signed-in' | 'service' | readonly string[];
