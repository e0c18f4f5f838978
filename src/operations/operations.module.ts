import { Module } from '@nestjs/common';
import { TokensModule } from '../auth/tokens/tokens.module.js';
import { HealthController } from './health.controller.js';
import { ProblemsController } from './problems.controller.js';
import { Readiness } from './readiness.js';

/** For whoever runs it: health, and what the error codes mean. */
@Module({
  imports: [TokensModule],
  controllers: [HealthController, ProblemsController],
  providers: [Readiness],
})
export class OperationsModule {}
