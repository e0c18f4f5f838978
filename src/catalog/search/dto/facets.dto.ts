import { ApiProperty, OmitType } from '@nestjs/swagger';
import { PriceRangeDto } from '../../money.dto.js';
import { ProductCategoryDto } from '../../products/dto/product-category.dto.js';

/** A value of a facet, and how many products would be listed with it. */
export class FacetValueDto {
  /** What to filter by; numbers and booleans as text. */
  @ApiProperty({ example: 'blue' })
  value: string;

  @ApiProperty({ type: 'integer', example: 12 })
  count: number;
}

/** A category, and how many products its subtree holds. */
export class CategoryFacetDto extends OmitType(ProductCategoryDto, ['id']) {
  @ApiProperty({ type: 'integer', example: 12 })
  count: number;
}

/** A range of prices in minor units, for `minPrice` and `maxPrice`. */
export class PriceRangeFacetDto {
  @ApiProperty({ type: 'integer', example: 5000 })
  min: number;

  /** The last price in it; `null` where it has no end. */
  @ApiProperty({ type: 'integer', nullable: true, example: 9999 })
  max: number | null;

  @ApiProperty({ type: 'integer', example: 12 })
  count: number;
}

/** The prices; as in the filters, the price of a product is its lowest. */
export class PriceFacetDto extends PriceRangeDto {
  /** Those with products, rising. */
  @ApiProperty({ type: [PriceRangeFacetDto] })
  ranges: PriceRangeFacetDto[];
}

/** What the listed products can be narrowed by. Each facet counts what all filters but its own let through. */
export class FacetsDto {
  /** At most 50, the largest first. */
  @ApiProperty({ type: [CategoryFacetDto] })
  categories: CategoryFacetDto[];

  /** At most 50, the largest first. */
  @ApiProperty({ type: [FacetValueDto] })
  brands: FacetValueDto[];

  /** `null` where no product has a price. */
  @ApiProperty({ type: PriceFacetDto, nullable: true })
  price: PriceFacetDto | null;

  /** By name: at most 50 names with at most 50 values each, the largest first. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { $ref: '#/components/schemas/FacetValueDto' } },
    example: { color: [{ value: 'blue', count: 12 }] },
  })
  attributes: Record<string, FacetValueDto[]>;

  /** Whether counts are estimates, made from a fair sample: where more than some 10,000 products are counted. */
  @ApiProperty({ example: false })
  estimated: boolean;
}
