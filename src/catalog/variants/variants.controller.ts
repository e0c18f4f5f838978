import { Body, Controller, Delete, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AccessTokenClaims } from '../../auth/decorators/access-token-claims.js';
import { CurrentUser } from '../../auth/decorators/current-user.decorator.js';
import { Roles } from '../../auth/decorators/roles.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import { productTag } from '../entity-tag.js';
import { ApiIdParam, ApiIfMatch, ApiMergePatch, EXAMPLE_ID, locationHeader } from '../openapi.decorators.js';
import { PRODUCT_ETAG_HEADER } from '../products/product-etag-header.js';
import { CreateVariantDto } from './dto/create-variant.dto.js';
import { UpdateVariantDto } from './dto/update-variant.dto.js';
import { VariantDto } from './dto/variant.dto.js';
import { VariantsService } from './variants.service.js';

const ETAG_OF_PRODUCT = { ETag: PRODUCT_ETAG_HEADER };

/** The variants of a product, for editors. */
@ApiTags('Catalog')
@Roles('editor')
@Controller('v1/products/:id/variants')
export class VariantsController {
  constructor(private readonly variants: VariantsService) {}

  @Post()
  @ApiOperation({
    operationId: 'createVariant',
    summary: 'Add a variant',
    description: 'Adds a variant behind the others. Its prices are in the currency of theirs.',
  })
  @ApiIdParam('id', 'The product.')
  @ApiIfMatch('optional')
  @ApiCreatedResponse({
    type: VariantDto,
    description: 'The variant.',
    headers: {
      ...ETAG_OF_PRODUCT,
      Location: locationHeader(`/v1/products/${EXAMPLE_ID}/variants/${EXAMPLE_ID}`),
    },
  })
  @ApiProblems(
    'bad-request',
    'not-found',
    'conflict',
    'precondition-failed',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type', // prettier-ignore
  )
  async create(
    @Param('id', UuidParamPipe) id: string,
    @Body() body: CreateVariantDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VariantDto> {
    const { variant, product } = await this.variants.add(id, body, ifMatch);
    reply.headers({ etag: productTag(product), location: `/v1/products/${id}/variants/${variant.id}` });
    return variant;
  }

  @Patch(':variantId')
  @ApiMergePatch()
  @ApiOperation({
    operationId: 'updateVariant',
    summary: 'Change a variant',
    description: 'A JSON merge patch (RFC 7396): what is left out stays, `null` removes.',
  })
  @ApiIdParam('id', 'The product.')
  @ApiIdParam('variantId', 'The variant.')
  @ApiIfMatch('optional')
  @ApiOkResponse({ type: VariantDto, description: 'The variant as it is now.', headers: ETAG_OF_PRODUCT })
  @ApiProblems(
    'bad-request',
    'not-found',
    'conflict',
    'precondition-failed',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type', // prettier-ignore
  )
  async update(
    @Param('id', UuidParamPipe) id: string,
    @Param('variantId', UuidParamPipe) variantId: string,
    @Body() body: UpdateVariantDto,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentUser() { sub }: AccessTokenClaims,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VariantDto> {
    const { variant, product } = await this.variants.change(id, variantId, body, ifMatch, sub);
    reply.header('etag', productTag(product));
    return variant;
  }

  @Delete(':variantId')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteVariant',
    summary: 'Remove a variant',
    description: 'Removes it for good; its SKU is free again.',
  })
  @ApiIdParam('id', 'The product.')
  @ApiIdParam('variantId', 'The variant.')
  @ApiIfMatch('optional')
  @ApiNoContentResponse({ description: 'It is gone.', headers: ETAG_OF_PRODUCT })
  @ApiProblems('not-found', 'precondition-failed')
  async remove(
    @Param('id', UuidParamPipe) id: string,
    @Param('variantId', UuidParamPipe) variantId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const product = await this.variants.remove(id, variantId, ifMatch);
    reply.header('etag', productTag(product));
  }
}
