import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsNotIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsFreeObject, IsLine, IsNestedList, IsSlug, MayBeAbsent } from '../../input/field.decorators.js';
import { CreateVariantDto } from '../../variants/dto/create-variant.dto.js';
import { RESERVED_SLUGS } from '../insert-product.js';
import { PRODUCT_STATUSES, type ProductStatus } from '../product.entity.js';
import { ATTRIBUTE_SCHEMA, EXAMPLE_ATTRIBUTES } from './attribute-schema.js';

const MAX_CATEGORIES = 20;
const MAX_VARIANTS = 100;
const MAX_DESCRIPTION_LENGTH = 30_000;

/** A new product. */
export class CreateProductDto {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Trail Running Shoe' })
  @IsLine(200)
  title: string;

  /** Plain text or markup; it is answered as it was sent. */
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_DESCRIPTION_LENGTH,
    example: 'Light, and grips on wet rock.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_DESCRIPTION_LENGTH)
  description?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 100, example: 'Fjellbris' })
  @IsOptional()
  @IsLine(100)
  brand?: string | null;

  /** The last part of its address. Left out, it is made from the title. */
  @ApiPropertyOptional({
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
    minLength: 1,
    maxLength: 200,
    example: 'trail-running-shoe',
  })
  @MayBeAbsent()
  @IsSlug()
  @IsNotIn(RESERVED_SLUGS, { message: 'must be another, for this one is reserved' })
  slug?: string;

  /** A new product is a `draft` unless it says otherwise. Guests and customers see published products only. */
  @ApiPropertyOptional({ enum: PRODUCT_STATUSES, example: 'published' })
  @MayBeAbsent()
  @IsIn(PRODUCT_STATUSES)
  status?: ProductStatus;

  /** At most 50 names of 64 characters, each with a text of 500, a number, a boolean or a list of 50 texts. */
  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: ATTRIBUTE_SCHEMA,
    example: EXAMPLE_ATTRIBUTES,
  })
  @IsOptional()
  @IsFreeObject()
  attributes?: Record<string, unknown> | null;

  /** Each by its id, its slug or its full path. */
  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    maxItems: MAX_CATEGORIES,
    example: ['trainers'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CATEGORIES)
  @IsString({ each: true })
  categories?: string[] | null;

  @ApiPropertyOptional({ type: [CreateVariantDto], maxItems: MAX_VARIANTS })
  @MayBeAbsent()
  @IsNestedList(() => CreateVariantDto, MAX_VARIANTS)
  variants?: CreateVariantDto[];
}
