import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { ProblemCode } from '../problem-codes.js';

/** The OpenAPI extension under which a route lists its problem codes until the document is finished. */
export const PROBLEMS_EXTENSION = 'x-problems';

/** Says which problems a route can answer with, beside those that follow from who may call it. */
export function ApiProblems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  return applyDecorators(ApiExtension(PROBLEMS_EXTENSION, codes));
}
