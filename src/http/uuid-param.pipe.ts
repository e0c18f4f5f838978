import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from './problem.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is written as a UUID (RFC 9562 4). */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** An id in a path: what is no UUID is the id of nothing, so 404. */
@Injectable()
export class UuidParamPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isUuid(value)) {
      throw new Problem('not-found', 'There is nothing with this id.');
    }
    return value.toLowerCase();
  }
}
