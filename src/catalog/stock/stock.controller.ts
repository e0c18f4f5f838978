import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AccessTokenClaims } from '../../auth/decorators/access-token-claims.js';
import { CurrentUser } from '../../auth/decorators/current-user.decorator.js';
import { Roles } from '../../auth/decorators/roles.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import { productTag } from '../entity-tag.js';
import { ApiIdParam } from '../openapi.decorators.js';
import { PRODUCT_ETAG_HEADER } from '../products/product-etag-header.js';
import { AdjustStockDto } from './dto/adjust-stock.dto.js';
import { StockAdjustmentPageDto, StockDto } from './dto/stock.dto.js';
import { StockService } from './stock.service.js';

/** The stock of a variant, for editors. */
@ApiTags('Catalog')
@Roles('editor')
@Controller('v1/variants/:id/stock')
export class StockController {
  constructor(private readonly stock: StockService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adjustStock',
    summary: 'Count pieces in or out',
    description:
      'Changes the stock by `delta`, in one step, however many do so at once. Where that would leave less than none it is a ' +
      '`conflict`, and nothing changes. Needs no `If-Match`; the product gets a new ETag.',
  })
  @ApiIdParam('id', 'The variant.')
  @ApiOkResponse({
    type: StockDto,
    description: 'The stock as it is now.',
    headers: { ETag: PRODUCT_ETAG_HEADER },
  })
  @ApiProblems(
    'bad-request',
    'not-found',
    'conflict',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type', // prettier-ignore
  )
  async adjust(
    @Param('id', UuidParamPipe) id: string,
    @Body() body: AdjustStockDto,
    @CurrentUser() { sub }: AccessTokenClaims,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockDto> {
    const adjusted = await this.stock.adjust(id, body, sub);
    reply.header('etag', productTag(adjusted));
    return { stock: adjusted.stock };
  }

  @Get()
  @ApiOperation({
    operationId: 'listStockAdjustments',
    summary: 'Read the history of a stock',
    description:
      'Every change, newest first, by pages: also where a change of the variant or an import set the stock.',
  })
  @ApiIdParam('id', 'The variant.')
  @ApiOkResponse({ type: StockAdjustmentPageDto, description: 'A page of changes.' })
  @ApiProblems('bad-request', 'not-found', 'validation-failed')
  async history(
    @Param('id', UuidParamPipe) id: string,
    @Query() query: PageQueryDto,
  ): Promise<StockAdjustmentPageDto> {
    return this.stock.history(id, query);
  }
}
