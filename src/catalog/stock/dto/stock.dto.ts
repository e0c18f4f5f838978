import { ApiProperty } from '@nestjs/swagger';
import { EXAMPLE_ID } from '../../openapi.decorators.js';

/** How many there are to sell. */
export class StockDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 11 })
  stock: number;
}

/** A change of a stock, as the history keeps it. */
export class StockAdjustmentDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id: string;

  @ApiProperty({ type: 'integer', example: -1 })
  delta: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 11 })
  stockAfter: number;

  @ApiProperty({ example: 'Sold in the shop' })
  reason: string;

  /** Who made it, or sent the import; the account may be gone. `null` for an import by command. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: EXAMPLE_ID })
  userId: string | null;

  /** The import that made it, which may be forgotten by now; `null` where it was none. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  importId: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  createdAt: string;
}

/** A page of changes of a stock, newest first. */
export class StockAdjustmentPageDto {
  @ApiProperty({ type: [StockAdjustmentDto] })
  items: StockAdjustmentDto[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor: string | null;
}
