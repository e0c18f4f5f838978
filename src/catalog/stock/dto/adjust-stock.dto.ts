import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { IsThat } from '../../../config/setting-decorators.js';
import { IsLine } from '../../input/field.decorators.js';
import { MAX_STOCK } from '../../variants/dto/create-variant.dto.js';

/** A change of a stock. */
export class AdjustStockDto {
  /** How many more there are; below zero: how many less. Not 0. */
  @ApiProperty({ type: 'integer', minimum: -MAX_STOCK, maximum: MAX_STOCK, not: { enum: [0] }, example: -1 })
  @IsInt()
  @Min(-MAX_STOCK)
  @Max(MAX_STOCK)
  @IsThat((value) => value !== 0, 'must not be 0')
  delta: number;

  /** Why, in one line, for the history. */
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Sold in the shop' })
  @IsLine(200)
  reason: string;
}
