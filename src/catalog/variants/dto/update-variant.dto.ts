import { ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsFreeObject, IsNested, MayBeAbsent } from '../../input/field.decorators.js';
import { MoneyPatchDto } from '../../money.dto.js';
import { CreateVariantDto } from './create-variant.dto.js';

/** A JSON merge patch (RFC 7396) of a variant. */
export class UpdateVariantDto extends PartialType(
  OmitType(CreateVariantDto, ['price', 'compareAtPrice', 'options']),
  {
    skipNullProperties: false,
  },
) {
  /** Without `currency`, the amount alone changes. */
  @ApiPropertyOptional({ type: MoneyPatchDto })
  @MayBeAbsent()
  @IsNested(() => MoneyPatchDto)
  price?: MoneyPatchDto;

  /** `null` removes it. */
  @ApiPropertyOptional({ type: MoneyPatchDto, nullable: true })
  @IsOptional()
  @IsNested(() => MoneyPatchDto)
  compareAtPrice?: MoneyPatchDto | null;

  /** Merged by name; `null` removes one, or all. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    nullable: true,
    example: { color: 'red', size: null },
  })
  @IsOptional()
  @IsFreeObject()
  options?: Record<string, unknown> | null;
}
