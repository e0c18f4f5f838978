import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsFreeObject, IsLine, IsNested, MayBeAbsent } from '../../input/field.decorators.js';
import { MoneyDto } from '../../money.dto.js';

/** The highest stock of a variant. */
export const MAX_STOCK = 1_000_000_000;

/** A new variant. */
export class CreateVariantDto {
  /** Stock-keeping unit, unique in the whole shop. */
  @ApiProperty({ minLength: 1, maxLength: 64, example: 'TRS-42-BLUE' })
  @IsLine(64)
  sku: string;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 200, example: 'Blue, 42' })
  @IsOptional()
  @IsLine(200)
  title?: string | null;

  @ApiProperty({ type: MoneyDto })
  @IsNested(() => MoneyDto)
  price: MoneyDto;

  /** A former or recommended price to show crossed out, in the currency of `price`. */
  @ApiPropertyOptional({ type: MoneyDto, nullable: true })
  @IsOptional()
  @IsNested(() => MoneyDto)
  compareAtPrice?: MoneyDto | null;

  /** How many there are to sell; none unless it says so. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MAX_STOCK, example: 12 })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_STOCK)
  stock?: number;

  /** What tells it from its siblings: at most 10 names of 64 characters with texts of 200. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    example: { color: 'blue', size: '42' },
  })
  @IsOptional()
  @IsFreeObject()
  options?: Record<string, unknown> | null;
}
