import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuthenticatedRequest } from '../../auth/decorators/authenticated-request.js';
import { Public } from '../../auth/decorators/public.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { CatalogReaders } from '../catalog-readers.js';
import { SuggestionsDto, SuggestionsQueryDto } from './dto/suggestions.dto.js';

/** Titles for a search box that is being typed into. */
@ApiTags('Catalog')
@Public()
@Controller('v1/products/suggest')
export class SuggestionsController {
  constructor(private readonly readers: CatalogReaders) {}

  @Get()
  @Header('cache-control', 'public, max-age=10')
  @ApiOperation({
    operationId: 'suggestProducts',
    summary: 'Suggest products while somebody types',
    description:
      'Up to 10 titles of published products for a half-typed or misspelt word: those that begin with it, then those that have a ' +
      'word which does, then those with a word like it.',
  })
  @ApiOkResponse({ type: SuggestionsDto, description: 'Titles with the slugs of their products.' })
  @ApiProblems('validation-failed')
  async suggest(
    @Req() request: AuthenticatedRequest,
    @Query() { q }: SuggestionsQueryDto,
  ): Promise<SuggestionsDto> {
    return { items: await this.readers.for(request).suggestions.for(q) };
  }
}
