import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/decorators/public.decorator.js';
import { Problem } from '../http/problem.js';
import { PROBLEM_KINDS, isProblemCode } from '../http/problem-codes.js';

/** Explains each error code at the address that `type` of a problem names (RFC 9457 3.1.1). */
@ApiExcludeController()
@Controller('problems')
export class ProblemsController {
  @Get(':code')
  @Public()
  explain(@Param('code') code: string): Record<string, unknown> {
    if (!isProblemCode(code)) {
      throw new Problem('not-found', 'There is no such problem code.');
    }
    return { code, ...PROBLEM_KINDS[code] };
  }
}
