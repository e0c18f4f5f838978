import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedRequest } from '../../auth/decorators/authenticated-request.js';
import { OptionalToken } from '../../auth/decorators/optional-token.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { CatalogReaders } from '../catalog-readers.js';
import { allowRevalidation } from '../documents/answers.js';
import { SuggestionsDto, SuggestionsQueryDto } from './dto/suggestions.dto.js';

/** For how many seconds suggestions may be shown again: a letter that is taken back asks nobody. */
const KEPT_FOR = 10;

/** Titles for a search box that is being typed into. */
@ApiTags('Catalog')
@OptionalToken()
@Controller('v1/products/suggest')
export class SuggestionsController {
  constructor(private readonly readers: CatalogReaders) {}

  @Get()
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
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SuggestionsDto> {
    const items = await this.readers.for(request).suggestions.for(q);
    allowRevalidation(reply, request.user === undefined, KEPT_FOR);
    return { items, nextCursor: null };
  }
}
