import { Body, Controller, Delete, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../auth/decorators/roles.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import { sendJsonText } from '../documents/answers.js';
import { productTag } from '../entity-tag.js';
import { ApiIdParam, ApiIfMatch, ApiMergePatch, EXAMPLE_ID, locationHeader } from '../openapi.decorators.js';
import { CreateProductDto } from './dto/create-product.dto.js';
import { ProductDto } from './dto/product.dto.js';
import { UpdateProductDto } from './dto/update-product.dto.js';
import { PRODUCT_ETAG_HEADER } from './product-etag-header.js';
import { ProductsService } from './products.service.js';

/** Products as editors write them. */
@ApiTags('Catalog')
@Roles('editor')
@Controller('v1/products')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Post()
  @ApiOperation({
    operationId: 'createProduct',
    summary: 'Create a product',
    description:
      'With its variants, if they are known. All prices are in one currency. A slug that is left out is made from the title, ' +
      'with a number where that one is taken; a slug or SKU that is given and taken is a `conflict`.',
  })
  @ApiCreatedResponse({
    type: ProductDto,
    description: 'The product.',
    headers: { ETag: PRODUCT_ETAG_HEADER, Location: locationHeader(`/v1/products/${EXAMPLE_ID}`) },
  })
  @ApiProblems('bad-request', 'conflict', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async create(@Body() body: CreateProductDto, @Res() reply: FastifyReply): Promise<void> {
    const product = await this.products.create(body);
    reply.headers({ etag: productTag(product), location: `/v1/products/${product.id}` });
    sendJsonText(reply, product.body);
  }

  @Patch(':id')
  @ApiMergePatch()
  @ApiOperation({
    operationId: 'updateProduct',
    summary: 'Change a product',
    description:
      'A JSON merge patch (RFC 7396), as `application/merge-patch+json` or `application/json`: what is left out stays, `null` ' +
      'removes, `attributes` are merged by name, `categories` are replaced. Needs `If-Match`.',
  })
  @ApiIdParam('id', 'The product.')
  @ApiIfMatch('required')
  @ApiOkResponse({
    type: ProductDto,
    description: 'The product as it is now.',
    headers: { ETag: PRODUCT_ETAG_HEADER },
  })
  @ApiProblems(
    'bad-request',
    'not-found',
    'conflict',
    'precondition-failed',
    'precondition-required',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type', // prettier-ignore
  )
  async update(
    @Param('id', UuidParamPipe) id: string,
    @Body() body: UpdateProductDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const product = await this.products.change(id, body, ifMatch);
    reply.header('etag', productTag(product));
    sendJsonText(reply, product.body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'archiveProduct',
    summary: 'Archive a product',
    description:
      'It leaves every list but that of archived products, and keeps its slug and SKUs. Needs `If-Match`.',
  })
  @ApiIdParam('id', 'The product.')
  @ApiIfMatch('required')
  @ApiNoContentResponse({ description: 'It is archived.' })
  @ApiProblems('not-found', 'precondition-failed', 'precondition-required')
  async archive(
    @Param('id', UuidParamPipe) id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.products.archive(id, ifMatch);
  }
}
