import { ApiProperty } from '@nestjs/swagger';
import { IMPORT_STATUSES, type ImportStatus } from '../import-status.js';
import type { ImportState } from '../import-store.js';

/** An import that has been received. */
export class ImportStartedDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  id: string;

  @ApiProperty({ enum: IMPORT_STATUSES, example: 'queued' })
  status: ImportStatus;
}

/** How far an import is. Products are counted: `read` is `created`, `updated` and `failed` together. */
export class ImportDto {
  /** `completed` when every line has been worked off, however many failed; `discarded` when the body broke off. */
  @ApiProperty({ enum: IMPORT_STATUSES, example: 'completed' })
  status: ImportStatus;

  @ApiProperty({ type: 'integer', example: 1000 })
  read: number;

  @ApiProperty({ type: 'integer', example: 990 })
  created: number;

  @ApiProperty({ type: 'integer', example: 8 })
  updated: number;

  @ApiProperty({ type: 'integer', example: 2 })
  failed: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-02T03:04:05.678Z' })
  startedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-02T03:04:07.123Z' })
  finishedAt: string | null;

  /** Picks what may leave. */
  static from({ status, read, created, updated, failed, startedAt, finishedAt }: ImportState): ImportDto {
    return {
      status,
      read,
      created,
      updated,
      failed,
      startedAt: startedAt?.toISOString() ?? null,
      finishedAt: finishedAt?.toISOString() ?? null,
    };
  }
}
