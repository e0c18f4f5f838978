import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { MAX_QUERY_LENGTH } from '../../documents/product-list-query.js';

/** What somebody has typed so far. */
export class SuggestionsQueryDto {
  @ApiProperty({ minLength: 1, maxLength: MAX_QUERY_LENGTH, example: 'headfo' })
  @IsString()
  @Length(1, MAX_QUERY_LENGTH)
  @Matches(/^[^\0]*$/, { message: 'must not hold a NUL' })
  q: string;
}

/** A published product that may be meant. */
export class SuggestionDto {
  @ApiProperty({ example: 'Nocturne 40 Over-Ear Headphones' })
  title: string;

  @ApiProperty({ example: 'nocturne-40-over-ear-headphones' })
  slug: string;
}

/** Products that may be meant, the likeliest first. */
export class SuggestionsDto {
  /** At most 10, each title once. */
  @ApiProperty({ type: [SuggestionDto], maxItems: 10 })
  items: SuggestionDto[];
}
