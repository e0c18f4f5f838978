import { applyDecorators, SetMetadata } from '@nestjs/common';

/** Metadata key of `@ThrottleAuth()`. */
export const THROTTLE_AUTH = 'latchkey:throttle-auth';

/** Where passwords and refresh tokens can be tried: `THROTTLE_AUTH_LIMIT` a minute and address, on all such routes together. */
export function ThrottleAuth(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(THROTTLE_AUTH, true));
}
