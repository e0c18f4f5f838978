import { All, Controller, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/decorators/public.decorator.js';
import { Problem } from '../http/problem.js';
import { MAX_PATH_PART, UNREADABLE_PATH, hasKnownMethod } from '../http/unreadable-request.js';

/** Answers requests that no route can read, of any method that Fastify knows. */
@Controller()
@ApiExcludeController()
@Public()
export class UnreadableRequestController {
  /** @throws Problem `bad-request` */
  @All(UNREADABLE_PATH)
  refuse(@Req() request: FastifyRequest): never {
    throw new Problem(
      'bad-request',
      hasKnownMethod(request)
        ? `The path cannot be decoded, or has a part of more than ${MAX_PATH_PART} characters.`
        : 'There is no such method.',
    );
  }
}
