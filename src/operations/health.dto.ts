import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { CheckResult } from './readiness.js';

/** How the process is. */
export class HealthDto {
  @ApiProperty({ enum: ['ok', 'unavailable'], example: 'ok' })
  status: 'ok' | 'unavailable';

  /** Each check and its result. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['ok', 'degraded', 'failed'] },
    example: { database: 'ok', migrations: 'ok', revocations: 'ok', keys: 'ok' },
  })
  checks?: Record<string, CheckResult>;
}
