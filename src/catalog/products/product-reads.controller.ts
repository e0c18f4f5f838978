import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { hasRole } from '../../auth/decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../../auth/decorators/authenticated-request.js';
import { OptionalToken } from '../../auth/decorators/optional-token.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { Problem } from '../../http/problem.js';
import { CatalogReaders, type ServerReaders } from '../catalog-readers.js';
import { allowRevalidation, sendJsonText } from '../documents/answers.js';
import { readProductListQuery } from '../documents/product-list-query.js';
import { isNoneMatchHit, productTag } from '../entity-tag.js';
import { ApiIfNoneMatch, ApiNotModified, ETAG_HEADER } from '../openapi.decorators.js';
import { ApiMoved } from '../slugs/api-moved.decorator.js';
import { ProductDto, ProductPageDto } from './dto/product.dto.js';
import { PRODUCT_ETAG_HEADER } from './product-etag-header.js';
import { ApiProductListParameters } from './product-list-parameters.decorator.js';
import type { ProductStatus } from './product.entity.js';

/** Products as everybody reads them. Request and reply are taken whole: every pipe would cost on the busiest routes. */
@ApiTags('Catalog')
@OptionalToken()
@Controller('v1/products')
export class ProductReadsController {
  constructor(private readonly readers: CatalogReaders) {}

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
  @ApiIfNoneMatch()
  @ApiOkResponse({ type: ProductPageDto, description: 'A page of products.', headers: { ETag: ETAG_HEADER } })
  @ApiNotModified()
  @ApiProblems('bad-request', 'unauthenticated', 'forbidden', 'validation-failed')
  async list(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): Promise<void> {
    // Fastify's query string parser answers with texts and lists of texts by name.
    const query = readProductListQuery(request.query as Record<string, unknown>);
    if (query.status !== 'published') {
      refuseAllButEditors(request);
    }
    const { lists } = this.readers.for(request);
    const ifNoneMatch = request.headers['if-none-match'];
    const known = ifNoneMatch === undefined ? null : await lists.pageTag(query);
    allowRevalidation(reply, request.user === undefined);
    if (known !== null && isNoneMatchHit(ifNoneMatch, known)) {
      reply.code(304).header('etag', known).send();
      return;
    }
    const { tag, text } = await lists.page(query);
    sendJsonText(reply.header('etag', tag), text);
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getProduct',
    summary: 'Read a product',
    description:
      'By its id or its slug; an old slug leads to the present one. What is not published is there for editors only.',
  })
  @ApiParam({
    name: 'id',
    description: 'The id or the slug.',
    type: String,
    example: 'nocturne-40-over-ear-headphones',
  })
  @ApiIfNoneMatch()
  @ApiOkResponse({ type: ProductDto, description: 'The product.', headers: { ETag: PRODUCT_ETAG_HEADER } })
  @ApiNotModified()
  @ApiMoved('/v1/products/trail-running-shoe-2')
  @ApiProblems('not-found')
  async read(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): Promise<void> {
    // The route has one parameter, and Fastify fills it with text.
    const { id } = request.params as { id: string };
    const readers = this.readers.for(request);
    if (request.headers['if-none-match'] !== undefined && (await this.isKnown(readers, id, request, reply))) {
      return;
    }
    const document = await readers.documents.find(id);
    if (document === null) {
      await this.redirect(readers, id, request, reply);
      return;
    }
    refuseHidden(document.status, request);
    allowRevalidation(reply, request.user === undefined);
    reply.header('etag', productTag(document));
    sendJsonText(reply, document.body);
  }

  /** Answers 304 where the client has what is there, without reading the document. */
  private async isKnown(
    { documents }: ServerReaders,
    idOrSlug: string,
    request: AuthenticatedRequest,
    reply: FastifyReply,
  ): Promise<boolean> {
    const found = await documents.findRevision(idOrSlug);
    if (found === null || !isNoneMatchHit(request.headers['if-none-match'], productTag(found))) {
      return false;
    }
    refuseHidden(found.status, request);
    allowRevalidation(reply, request.user === undefined);
    reply.code(304).header('etag', productTag(found)).send();
    return true;
  }

  private async redirect(
    { oldSlugs }: ServerReaders,
    slug: string,
    request: AuthenticatedRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const present = await oldSlugs.product(slug);
    if (present === null) {
      throw noSuchProduct();
    }
    refuseHidden(present.status, request);
    allowRevalidation(reply, request.user === undefined);
    reply.code(301).header('location', `/v1/products/${present.slug}`).send();
  }
}

function refuseHidden(status: ProductStatus, { user }: AuthenticatedRequest): void {
  if (status !== 'published' && !hasRole(user, 'editor')) {
    throw noSuchProduct();
  }
}

function noSuchProduct(): Problem {
  return new Problem('not-found', 'There is no such product.');
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
