import { ApiProperty } from '@nestjs/swagger';

/** A category that another one is in. */
export class CategoryAncestorDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c33' })
  id: string;

  @ApiProperty({ example: 'sports' })
  slug: string;

  @ApiProperty({ example: 'Sports' })
  name: string;
}

/** A category with its whole subtree. */
export class CategoryDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c34' })
  id: string;

  /** `null` at the root. */
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c33',
  })
  parentId: string | null;

  @ApiProperty({ example: 'running' })
  slug: string;

  @ApiProperty({ example: 'Running' })
  name: string;

  /** The names from the root down. */
  @ApiProperty({ example: 'Sports/Running' })
  path: string;

  @ApiProperty({ example: 'Shoes and clothes for roads and trails.' })
  description: string;

  @ApiProperty({ type: 'integer', example: 0 })
  position: number;

  /** How many published products are in it and its subtree. */
  @ApiProperty({ type: 'integer', example: 42 })
  productCount: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  updatedAt: string;

  @ApiProperty({ type: () => [CategoryDto], example: [] })
  children: CategoryDto[];
}

/** A category with the way to it. */
export class CategoryWithAncestorsDto extends CategoryDto {
  /** From the root down to its parent. */
  @ApiProperty({ type: [CategoryAncestorDto] })
  ancestors: CategoryAncestorDto[];
}

/** The category tree. */
export class CategoryTreeDto {
  /** The roots. */
  @ApiProperty({ type: [CategoryDto] })
  items: CategoryDto[];

  /** The tree comes whole. */
  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor: null;
}
