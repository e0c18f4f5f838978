import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { hasRole } from '../../auth/decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../../auth/decorators/authenticated-request.js';
import { OptionalToken } from '../../auth/decorators/optional-token.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { Problem } from '../../http/problem.js';
import { allowRevalidation, sendJsonText } from '../documents/answers.js';
import { DocumentReader } from '../documents/document-reader.js';
import { ProductListReader } from '../documents/product-list-reader.js';
import { readProductListQuery } from '../documents/product-list-query.js';
import { entityTag, isNoneMatchHit } from '../entity-tag.js';
import { ApiIfNoneMatch, ETAG_HEADER } from '../openapi.decorators.js';
import { ProductDto, ProductPageDto } from './dto/product.dto.js';
import { ApiProductListParameters } from './product-list-parameters.decorator.js';

/** Products as everybody reads them. Request and reply are taken whole: every pipe would cost on the busiest routes. */
@ApiTags('Catalog')
@OptionalToken()
@Controller('v1/products')
export class ProductReadsController {
  constructor(
    private readonly documents: DocumentReader,
    private readonly lists: ProductListReader,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listProducts',
    summary: 'List products',
    description:
      'Published products by pages, newest first unless `sort` says otherwise, or with `q` those first that answer it best. ' +
      'The filters narrow each other; a category or brand ' +
      'that does not exist has no products. Products with the same price, title or time follow their ids, and those without a price ' +
      'come last. Only editors may ask for another `status` than `published`: guests get 401, customers 403.',
  })
  @ApiProductListParameters()
  @ApiOkResponse({ type: ProductPageDto, description: 'A page of products.' })
  @ApiProblems('bad-request', 'unauthenticated', 'forbidden', 'validation-failed')
  async list(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): Promise<void> {
    // Fastify's query string parser answers with texts and lists of texts by name.
    const query = readProductListQuery(request.query as Record<string, unknown>);
    if (query.status !== 'published') {
      refuseAllButEditors(request);
    }
    const page = await this.lists.page(query);
    allowRevalidation(reply, request.user === undefined);
    sendJsonText(reply, page);
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getProduct',
    summary: 'Read a product',
    description: 'By its id or its slug. What is not published is there for editors only.',
  })
  @ApiParam({ name: 'id', description: 'The id or the slug.', type: String, example: 'trail-running-shoe' })
  @ApiIfNoneMatch()
  @ApiOkResponse({ type: ProductDto, description: 'The product.', headers: { ETag: ETAG_HEADER } })
  @ApiResponse({
    status: 304,
    description: 'It is still what `If-None-Match` names.',
    headers: { ETag: ETAG_HEADER },
  })
  @ApiProblems('not-found')
  async read(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): Promise<void> {
    // The route has one parameter, and Fastify fills it with text.
    const { id } = request.params as { id: string };
    const document = await this.documents.find(id);
    if (document === null || (document.status !== 'published' && !hasRole(request.user, 'editor'))) {
      throw new Problem('not-found', 'There is no such product.');
    }
    allowRevalidation(reply, request.user === undefined);
    reply.header('etag', entityTag(document.revision));
    if (isNoneMatchHit(request.headers['if-none-match'], document.revision)) {
      reply.code(304).send();
      return;
    }
    sendJsonText(reply, document.body);
  }
}

function refuseAllButEditors({ user }: AuthenticatedRequest): void {
  if (user === undefined) {
    throw new Problem('unauthenticated', 'Only editors may list what is not published: sign in.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  if (!hasRole(user, 'editor')) {
    throw new Problem('forbidden', 'Only editors may list what is not published.');
  }
}
