import { ApiProperty } from '@nestjs/swagger';
import { PriceRangeDto } from '../../money.dto.js';
import { ProductCategoryDto } from './product-category.dto.js';
import { FacetsDto } from '../../search/dto/facets.dto.js';
import { VariantDto } from '../../variants/dto/variant.dto.js';
import type { AttributeValue } from '../attributes.js';
import { PRODUCT_STATUSES, type ProductStatus } from '../product.entity.js';
import { ATTRIBUTE_SCHEMA, EXAMPLE_ATTRIBUTES } from './attribute-schema.js';

/** A picture of a product. */
export class MediaDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c44' })
  id: string;

  @ApiProperty({ format: 'uri', example: 'https://images.shop.example/trail-running-shoe.jpg' })
  url: string;

  @ApiProperty({ example: 'The shoe from the side' })
  alt: string;
}

/** A product: the document that `product_documents` holds ready. */
export class ProductDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  id: string;

  @ApiProperty({ example: 'trail-running-shoe' })
  slug: string;

  @ApiProperty({ example: 'Trail Running Shoe' })
  title: string;

  @ApiProperty({ example: 'Light, and grips on wet rock.' })
  description: string;

  @ApiProperty({ type: String, nullable: true, example: 'Fjellbris' })
  brand: string | null;

  @ApiProperty({ enum: PRODUCT_STATUSES, example: 'published' })
  status: ProductStatus;

  @ApiProperty({
    type: 'object',
    additionalProperties: ATTRIBUTE_SCHEMA,
    example: EXAMPLE_ATTRIBUTES,
  })
  attributes: Record<string, AttributeValue>;

  @ApiProperty({ type: [ProductCategoryDto] })
  categories: ProductCategoryDto[];

  @ApiProperty({ type: [MediaDto] })
  media: MediaDto[];

  /** `null` without variants. */
  @ApiProperty({ type: PriceRangeDto, nullable: true })
  priceRange: PriceRangeDto | null;

  /** Whether any variant is in stock. */
  @ApiProperty({ example: true })
  inStock: boolean;

  @ApiProperty({ type: [VariantDto] })
  variants: VariantDto[];

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  createdAt: string;

  /** When the product or one of its variants was last changed. */
  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  updatedAt: string;

  /** When it was first published. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-24T09:30:00.000Z' })
  publishedAt: string | null;
}

/** A page of products. */
export class ProductPageDto {
  @ApiProperty({ type: [ProductDto] })
  items: ProductDto[];

  /** `cursor` of the next page; `null` on the last. */
  @ApiProperty({ type: String, nullable: true, example: 'WyJwcm9kdWN0cyBuZXdlc3QiLCIyMDI2Il0' })
  nextCursor: string | null;

  /** How many products the filters let through; with `count=true` only. */
  @ApiProperty({ type: 'integer', required: false, example: 137 })
  total?: number;

  /** With `facets=true` only. */
  @ApiProperty({ type: FacetsDto, required: false })
  facets?: FacetsDto;
}
