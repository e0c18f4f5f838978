import { Module } from '@nestjs/common';
import { TokensModule } from '../auth/tokens/tokens.module.js';
import { HealthController } from './health.controller.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProblemsController } from './problems.controller.js';
import { UnreadableRequestController } from './unreadable-request.controller.js';
import { Readiness } from './readiness.js';

/** For whoever runs it: health, metrics, and what the error codes mean. */
@Module({
  imports: [TokensModule],
  controllers: [HealthController, MetricsController, ProblemsController, UnreadableRequestController],
  providers: [Readiness, Metrics],
})
export class OperationsModule {}
