import { All, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/decorators/public.decorator.js';
import { Problem } from '../http/problem.js';
import { MAX_PATH_PART, UNREADABLE_PATH } from '../http/unreadable-path.js';

/** Answers requests whose path no route can read, of any method that Fastify knows. */
@Controller()
@ApiExcludeController()
@Public()
export class UnreadablePathController {
  /** @throws Problem `bad-request` */
  @All(UNREADABLE_PATH)
  refuse(): never {
    throw new Problem(
      'bad-request',
      `The path cannot be decoded, or has a part of more than ${MAX_PATH_PART} characters.`,
    );
  }
}
