import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/decorators/public.decorator.js';
import { HealthDto } from './health.dto.js';
import { Readiness } from './readiness.js';

/** For whoever runs it: is it alive, and should it be sent requests. */
@ApiTags('Operation')
@Public()
@SkipThrottle()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Is the process alive',
    description: '200 while the process runs.',
  })
  @ApiOkResponse({ type: HealthDto, description: 'Alive.' })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Should it be sent requests',
    description:
      '200 only when the database (and Redis, where set) answers, migrations are in, the revocation feed is fresh and ' +
      'there is a key to sign with. What others stand in for is `degraded`, and it is 200: read replicas that are not ' +
      'asked, keys that cannot be opened while another signs.',
  })
  @ApiOkResponse({ type: HealthDto, description: 'Ready.' })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'Not ready; `checks` says what is not.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    const checks = await this.readiness.check();
    const isReady = Object.values(checks).every((result) => result !== 'failed');
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }
}
