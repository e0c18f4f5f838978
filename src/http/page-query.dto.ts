import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

/** The two parameters of every list. */
export class PageQueryDto {
  /** How many items to answer with. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20, example: 20 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 20;

  /** `nextCursor` of the page before; leave it out for the first page. */
  @ApiPropertyOptional({ example: '' }) // Swagger UI sends what stands here, and leaves out what is empty
  @IsOptional()
  @IsString()
  cursor?: string;
}
