import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { IsThat } from '../config/setting-decorators.js';
import { isCurrency } from './input/currency.js';

/** The highest amount, in minor units. */
export const MAX_AMOUNT = 1_000_000_000_000;

/** An amount of money. */
export class MoneyDto {
  /** In minor units: 1999 is 19.99 EUR, or 1999 JPY. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: MAX_AMOUNT, example: 1999 })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  amount: number;

  /** ISO 4217. All variants of a product have the same. */
  @ApiProperty({ pattern: '^[A-Z]{3}$', example: 'EUR' })
  @IsThat(isCurrency, 'must be a currency code of ISO 4217 in upper case, such as EUR')
  currency: string;
}

/** A change of an amount of money: what is left out stays. */
export class MoneyPatchDto extends PartialType(MoneyDto, { skipNullProperties: false }) {}

/** The lowest and the highest price of the variants. */
export class PriceRangeDto {
  @ApiProperty({ type: MoneyDto })
  min: MoneyDto;

  @ApiProperty({ type: MoneyDto })
  max: MoneyDto;
}
