import { ApiProperty } from '@nestjs/swagger';

/** A category that a product is in. */
export class ProductCategoryDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c33' })
  id: string;

  @ApiProperty({ example: 'running-shoes' })
  slug: string;

  @ApiProperty({ example: 'Shoes' })
  name: string;

  /** The names from the root down. */
  @ApiProperty({ example: 'Sports/Running/Shoes' })
  path: string;
}
