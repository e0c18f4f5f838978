import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUrl } from 'class-validator';
import { IsInstant, IsLine, IsNestedList, MayBeAbsent } from '../../input/field.decorators.js';
import { CreateProductDto } from '../../products/dto/create-product.dto.js';

/** The most pictures of a product. */
export const MAX_MEDIA = 50;

/** The longest text about a picture, in characters. */
export const MAX_ALT_LENGTH = 500;

/** A picture of a product, by its address. */
export class ImportedMediumDto {
  @ApiPropertyOptional({ maxLength: 2000, example: 'https://cdn.shop.example/shoe.jpg' })
  @IsLine(2000)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  url: string;

  /** What it shows, for who cannot see it. */
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_ALT_LENGTH,
    example: 'The shoe from the side',
  })
  @IsOptional()
  @IsLine(MAX_ALT_LENGTH)
  alt?: string | null;
}

/** One line of an import: a product under the rules of `POST /v1/products`. Its categories are full paths. */
export class ImportLineDto extends CreateProductDto {
  /** When it was first published, which `newest` goes by. Left out, it stays as it is, or is the time of the import. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-31T12:00:00Z' })
  @MayBeAbsent()
  @IsInstant()
  publishedAt?: string;

  @ApiPropertyOptional({ type: [ImportedMediumDto], nullable: true, maxItems: MAX_MEDIA })
  @IsOptional()
  @IsNestedList(() => ImportedMediumDto, MAX_MEDIA)
  media?: ImportedMediumDto[] | null;
}
