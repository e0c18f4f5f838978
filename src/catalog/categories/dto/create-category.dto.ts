import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsThat } from '../../../config/setting-decorators.js';
import { isUuid } from '../../../http/uuid-param.pipe.js';
import { IsLine, IsSlug, MayBeAbsent } from '../../input/field.decorators.js';

const MAX_POSITION = 1_000_000;

/** A new category. */
export class CreateCategoryDto {
  /** Unique among its siblings. It becomes part of paths such as `Sports/Running`, so it holds no slash. */
  @ApiProperty({ minLength: 1, maxLength: 100, pattern: '^[^/]+$', example: 'Running' })
  @IsLine(100)
  @Matches(/^[^/]*$/, { message: 'must not hold a slash' })
  name: string;

  /** The last part of its address. Left out, it is made from the name. */
  @ApiPropertyOptional({
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
    minLength: 1,
    maxLength: 200,
    example: 'running',
  })
  @MayBeAbsent()
  @IsSlug()
  slug?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 5000,
    example: 'Shoes and clothes for roads and trails.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(5000)
  description?: string | null;

  /** The category above; `null` at the root. */
  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
  })
  @IsOptional()
  @IsThat((value) => typeof value === 'string' && isUuid(value), 'must be the id of a category')
  parentId?: string | null;

  /** Siblings are listed by position, 0 unless given, and by name where it is the same. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MAX_POSITION, example: 0 })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_POSITION)
  position?: number;
}
