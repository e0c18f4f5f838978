import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsThat } from '../../../config/setting-decorators.js';
import { isCurrency } from '../../input/currency.js';
import { MayBeAbsent } from '../../input/field.decorators.js';

/** How to read an import. */
export class ImportQueryDto {
  /** CSV only: the currency of prices that do not say theirs; IMPORT_CURRENCY unless given. */
  @ApiPropertyOptional({ pattern: '^[A-Z]{3}$', example: 'EUR' })
  @MayBeAbsent()
  @IsThat(isCurrency, 'must be a currency code of ISO 4217 in upper case, such as EUR')
  currency?: string;
}
