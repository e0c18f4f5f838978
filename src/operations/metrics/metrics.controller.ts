import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../auth/decorators/public.decorator.js';
import { Settings } from '../../config/settings.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { Problem } from '../../http/problem.js';
import { Metrics } from './metrics.js';
import { areOnTheApi, mayRead } from './metrics-access.js';

/** For whoever watches it. */
@ApiTags('Operation')
@Public()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Read the metrics of this process',
    description:
      'In the text format of Prometheus. With `METRICS_TOKEN` it is asked for as a bearer token; with `METRICS_PORT`, and in ' +
      'production without either, there is nothing here.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({
    description: 'The metrics.',
    schema: { type: 'string', example: 'process_cpu_seconds_total 1.2\n' },
  })
  @ApiProblems('unauthenticated', 'not-found')
  async read(
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!areOnTheApi(this.settings)) {
      throw new Problem('not-found', 'There are no metrics here.');
    }
    if (!mayRead(headers.authorization, this.settings)) {
      throw new Problem('unauthenticated', 'Send METRICS_TOKEN as a bearer token.');
    }
    reply.header('cache-control', 'no-store').type(this.metrics.contentType);
    return this.metrics.text();
  }
}
