import { v7 } from 'uuid';

/** The id of a request in every answer (`X-Request-Id`), every log line and every problem (`instance`): a UUIDv7 of our own making. */
export function makeRequestId(): string {
  return v7();
}
