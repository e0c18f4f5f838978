import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MoneyDto } from '../../money.dto.js';
import type { Variant } from '../variant.entity.js';

/** What can be bought of a product. */
export class VariantDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c22' })
  id: string;

  @ApiProperty({ example: 'TRS-42-BLUE' })
  sku: string;

  @ApiProperty({ type: String, nullable: true, example: 'Blue, 42' })
  title: string | null;

  @ApiProperty({ type: MoneyDto })
  price: MoneyDto;

  /** Left out where there is none. */
  @ApiPropertyOptional({ type: MoneyDto, example: { amount: 2499, currency: 'EUR' } })
  compareAtPrice?: MoneyDto;

  @ApiProperty({ type: 'integer', example: 12 })
  stock: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { color: 'blue', size: '42' },
  })
  options: Record<string, string>;

  /** Picks what may leave; the same as in the document of its product. */
  static from(variant: Variant, currency: string): VariantDto {
    const { id, sku, title, price, compareAtPrice, stock, options } = variant;
    return {
      id,
      sku,
      title,
      price: { amount: price, currency },
      ...(compareAtPrice !== null && { compareAtPrice: { amount: compareAtPrice, currency } }),
      stock,
      options,
    };
  }
}
