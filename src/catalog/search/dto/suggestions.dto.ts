import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MAX_QUERY_LENGTH } from '../../documents/product-list-query.js';

/** What somebody has typed so far. */
export class SuggestionsQueryDto {
  @ApiProperty({ minLength: 1, maxLength: MAX_QUERY_LENGTH, example: 'headfo' })
  @Matches(new RegExp(`^[^\\0]{1,${MAX_QUERY_LENGTH}}$`, 'su'), {
    message: `must be a text of 1 to ${MAX_QUERY_LENGTH} characters, given once`,
  })
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

  /** There is no second page. */
  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor: null;
}
