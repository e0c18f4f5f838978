import { ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsFreeObject } from '../../input/field.decorators.js';
import { ATTRIBUTE_PATCH_SCHEMA } from './attribute-schema.js';
import { CreateProductDto } from './create-product.dto.js';

/** A JSON merge patch (RFC 7396) of a product: what is left out stays, `null` removes. */
export class UpdateProductDto extends PartialType(OmitType(CreateProductDto, ['variants', 'attributes']), {
  skipNullProperties: false,
}) {
  /** Merged by name; `null` removes one, or all. */
  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: ATTRIBUTE_PATCH_SCHEMA,
    example: { color: ['blue'], waterproof: null },
  })
  @IsOptional()
  @IsFreeObject()
  attributes?: Record<string, unknown> | null;
}
