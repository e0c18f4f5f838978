import { SetMetadata } from '@nestjs/common';

/** Metadata key of `@CountedLater()`. */
export const COUNTED_LATER = 'latchkey:counted-later';

/**
 * For routes whose handlers count what is due by `DueHits` before they do what they are for, most of them with something of
 * their own by account: all of it in one round trip, where a storage is shared.
 */
export const CountedLater = (): MethodDecorator => SetMetadata(COUNTED_LATER, true);
