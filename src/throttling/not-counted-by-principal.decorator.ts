import { SetMetadata } from '@nestjs/common';

/** Metadata key of `@NotCountedByPrincipal()`. */
export const NOT_COUNTED_BY_PRINCIPAL = 'latchkey:not-counted-by-principal';

/**
 * For routes that take a stolen token back: whoever holds one could use up what its owner may ask, and so keep it alive. The
 * limit `principal` does not hold there; those of the address, of the account and of the route itself do.
 */
export const NotCountedByPrincipal = (): MethodDecorator => SetMetadata(NOT_COUNTED_BY_PRINCIPAL, true);
