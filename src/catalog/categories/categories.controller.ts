import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags, // prettier-ignore
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedRequest } from '../../auth/decorators/authenticated-request.js';
import { OptionalToken } from '../../auth/decorators/optional-token.decorator.js';
import { Roles } from '../../auth/decorators/roles.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import { CatalogReaders } from '../catalog-readers.js';
import { allowRevalidation } from '../documents/answers.js';
import { isNoneMatchHit } from '../entity-tag.js';
import {
  ApiIdParam,
  ApiIfMatch,
  ApiIfNoneMatch,
  ApiMergePatch,
  ApiNotModified,
  ETAG_HEADER,
  locationHeader,
} from '../openapi.decorators.js';
import { ApiMoved } from '../slugs/api-moved.decorator.js';
import { CategoriesService } from './categories.service.js';
import { type CategoryReading, noSuchCategory } from './category-tree.js';
import { CategoryTreeDto, CategoryWithAncestorsDto } from './dto/category.dto.js';
import { CreateCategoryDto } from './dto/create-category.dto.js';
import { UpdateCategoryDto } from './dto/update-category.dto.js';

const ETAG = {
  ETag: {
    ...ETAG_HEADER,
    description:
      'The entity tag of the answer, for `If-None-Match`. In `If-Match` only what stands before the dot counts: its own fields.',
    example: '"3.Qm9w0a1xT2Zk4n7LrB8sYw"',
  },
};

/** The category tree. */
@ApiTags('Catalog')
@Controller('v1/categories')
export class CategoriesController {
  constructor(
    private readonly readers: CatalogReaders,
    private readonly categories: CategoriesService,
  ) {}

  @Get()
  @OptionalToken()
  @ApiOperation({
    operationId: 'listCategories',
    summary: 'Read the category tree',
    description: 'The whole tree, each category with the number of published products in its subtree.',
  })
  @ApiIfNoneMatch()
  @ApiOkResponse({ type: CategoryTreeDto, description: 'The tree.', headers: { ETag: ETAG_HEADER } })
  @ApiNotModified()
  async list(
    @Req() request: AuthenticatedRequest,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CategoryTreeDto | undefined> {
    allowRevalidation(reply, request.user === undefined);
    const { categories } = this.readers.for(request);
    const known = ifNoneMatch === undefined ? null : await categories.tag();
    if (known !== null && isNoneMatchHit(ifNoneMatch, known)) {
      reply.code(304).header('etag', known);
      return undefined;
    }
    const { items, tag } = await categories.roots();
    reply.header('etag', tag);
    return { items, nextCursor: null };
  }

  @Get(':id')
  @OptionalToken()
  @ApiOperation({
    operationId: 'getCategory',
    summary: 'Read a category',
    description:
      'By its slug or its id, with the way to it and its subtree; an old slug leads to the present one.',
  })
  @ApiParam({ name: 'id', description: 'The slug or the id.', type: String, example: 'headphones' })
  @ApiIfNoneMatch()
  @ApiOkResponse({ type: CategoryWithAncestorsDto, description: 'The category.', headers: ETAG })
  @ApiNotModified()
  @ApiMoved('/v1/categories/trail-running')
  @ApiProblems('not-found')
  async read(
    @Req() request: AuthenticatedRequest,
    @Param('id') idOrSlug: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CategoryWithAncestorsDto | undefined> {
    allowRevalidation(reply, request.user === undefined);
    const { categories, oldSlugs } = this.readers.for(request);
    const known = ifNoneMatch === undefined ? null : await categories.tagOf(idOrSlug);
    if (known !== null && isNoneMatchHit(ifNoneMatch, known)) {
      reply.code(304).header('etag', known);
      return undefined;
    }
    const reading = await categories.find(idOrSlug);
    if (reading) {
      return answer(reply, reading);
    }
    const present = await oldSlugs.category(idOrSlug);
    if (!present) {
      throw noSuchCategory();
    }
    reply.code(301).header('location', `/v1/categories/${present.slug}`);
    return undefined;
  }

  @Post()
  @Roles('editor')
  @ApiOperation({
    operationId: 'createCategory',
    summary: 'Create a category',
    description: 'A root, or a child of `parentId`. The tree has at most 10 levels.',
  })
  @ApiCreatedResponse({
    type: CategoryWithAncestorsDto,
    description: 'The category.',
    headers: { ...ETAG, Location: locationHeader('/v1/categories/019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c34') },
  })
  @ApiProblems('bad-request', 'conflict', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async create(
    @Body() body: CreateCategoryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CategoryWithAncestorsDto> {
    const reading = await this.categories.create(body);
    reply.header('location', `/v1/categories/${reading.category.id}`);
    return answer(reply, reading);
  }

  @Patch(':id')
  @ApiMergePatch()
  @Roles('editor')
  @ApiOperation({
    operationId: 'updateCategory',
    summary: 'Change or move a category',
    description:
      'A JSON merge patch (RFC 7396). `parentId` moves it with its subtree, `null` to the root; moving it below itself is a ' +
      '`conflict`. Products below it show the new path at once.',
  })
  @ApiIdParam('id', 'The category.')
  @ApiIfMatch('optional')
  @ApiOkResponse({ type: CategoryWithAncestorsDto, description: 'The category as it is now.', headers: ETAG })
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
    @Body() body: UpdateCategoryDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CategoryWithAncestorsDto> {
    return answer(reply, await this.categories.change(id, body, ifMatch));
  }

  @Delete(':id')
  @Roles('editor')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteCategory',
    summary: 'Delete a category',
    description: 'Its products stay, and lose it. While it has children, it is a `conflict`.',
  })
  @ApiIdParam('id', 'The category.')
  @ApiIfMatch('optional')
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems('not-found', 'conflict', 'precondition-failed')
  async remove(
    @Param('id', UuidParamPipe) id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.categories.remove(id, ifMatch);
  }
}

function answer(reply: FastifyReply, { category, tag }: CategoryReading): CategoryWithAncestorsDto {
  reply.header('etag', tag);
  return category;
}
