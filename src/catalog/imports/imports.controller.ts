import { Readable } from 'node:stream';
import { Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessTokenClaims } from '../../auth/decorators/access-token-claims.js';
import { CurrentUser } from '../../auth/decorators/current-user.decorator.js';
import { Roles } from '../../auth/decorators/roles.decorator.js';
import { Settings } from '../../config/settings.js';
import { allowLongUpload } from '../../http/long-uploads.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { Problem } from '../../http/problem.js';
import { TakesStream } from '../../http/takes-stream.decorator.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import { IMPORT_FORMATS, formatOf } from '../formats/import-format.js';
import { ApiIdParam, EXAMPLE_ID, locationHeader } from '../openapi.decorators.js';
import { ImportQueryDto } from './dto/import-query.dto.js';
import { ImportDto, ImportStartedDto } from './dto/import.dto.js';
import { ImportStore } from './import-store.js';
import { ImportReceiver } from './staging/import-receiver.js';

const NO_ERRORS = '{"line":3,"reason":"/title must be a string"}\n';

/** Many products at once, for editors. */
@ApiTags('Catalog')
@Roles('editor')
@Controller('v1/catalog/imports')
export class ImportsController {
  constructor(
    private readonly receiver: ImportReceiver,
    private readonly store: ImportStore,
    private readonly settings: Settings,
  ) {}

  @Post()
  @HttpCode(202)
  @TakesStream()
  @ApiOperation({
    operationId: 'startImport',
    summary: 'Import products',
    description:
      'One product a line as NDJSON, or a CSV file (ours or Shopify’s). The answer comes when the whole body has been received ' +
      'and kept; from then on it is worked off in the background, also after a crash. A body that breaks off is discarded whole. ' +
      'A product is matched by the SKUs of its variants, else by its slug, else it is made. What a line leaves out stays as it ' +
      'is, and variants that it does not name stay too; `media` is checked, but not kept yet. `publishedAt` says when a product was first published. Stocks that it changes go into their ' +
      'history. Wrong lines are reported and left out, the others kept. A line has at most ' +
      '1 MiB, a whole import what IMPORT_MAX_SIZE says.',
  })
  @ApiAcceptedResponse({
    type: ImportStartedDto,
    description: 'It is received, and will be worked off.',
    headers: { Location: locationHeader(`/v1/catalog/imports/${EXAMPLE_ID}`) },
  })
  @ApiProblems('bad-request', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async start(
    @Req() request: FastifyRequest,
    @Query() { currency = this.settings.IMPORT_CURRENCY }: ImportQueryDto,
    @CurrentUser() { sub: userId }: AccessTokenClaims,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImportStartedDto> {
    const format = formatOf(request.headers['content-type']);
    const { body } = request;
    if (format === null || !(body instanceof Readable)) {
      throw new Problem('unsupported-media-type', 'Send application/x-ndjson or text/csv.', {
        headers: { 'accept-post': Object.values(IMPORT_FORMATS).join(', ') },
      });
    }
    const received = allowLongUpload(request, this.settings.REQUEST_TIMEOUT * 1000);
    try {
      const id = await this.receiver.receive({ body, format, currency, source: null, userId });
      reply.header('location', `/v1/catalog/imports/${id}`);
      return { id, status: 'queued' };
    } finally {
      received();
    }
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getImport',
    summary: 'See how far an import is',
    description: 'The counts grow as it is worked off, some hundred products at a time.',
  })
  @ApiIdParam('id', 'The import.')
  @ApiOkResponse({ type: ImportDto, description: 'How far it is.' })
  @ApiProblems('not-found')
  async read(@Param('id', UuidParamPipe) id: string): Promise<ImportDto> {
    return ImportDto.from(await this.store.find(id));
  }

  @Get(':id/errors')
  @Header('content-type', IMPORT_FORMATS.ndjson)
  @ApiOperation({
    operationId: 'listImportErrors',
    summary: 'See what was wrong with an import',
    description: 'One line of NDJSON for each line that was left out, in their order: `{line, reason}`.',
  })
  @ApiIdParam('id', 'The import.')
  @ApiOkResponse({
    description: 'What was wrong, streamed.',
    content: { [IMPORT_FORMATS.ndjson]: { schema: { type: 'string' }, example: NO_ERRORS } },
  })
  @ApiProblems('not-found')
  async errors(@Param('id', UuidParamPipe) id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.store.find(id);
    reply.send(Readable.from(errorLines(this.store, id)));
  }
}

async function* errorLines(store: ImportStore, id: string): AsyncGenerator<string> {
  for await (const faults of store.errors(id)) {
    yield faults.map(({ line, reason }) => `${JSON.stringify({ line, reason })}\n`).join('');
  }
}
