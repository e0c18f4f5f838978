import { Readable } from 'node:stream';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../auth/decorators/roles.decorator.js';
import { addVary } from '../documents/answers.js';
import { IMPORT_FORMATS } from '../formats/import-format.js';
import { CatalogExport } from './catalog-export.js';
import { preferredFormat } from './preferred-format.js';

const LINE =
  '{"slug":"trail-running-shoe","title":"Trail Running Shoe","status":"published","variants":[{"sku":"TRS-42",' +
  '"price":{"amount":1999,"currency":"EUR"},"stock":12}]}\n';
const ROWS =
  'slug,title,description,brand,status,categories,attributes,media,sku,variantTitle,price,compareAtPrice,currency,stock,options\r\n' +
  'trail-running-shoe,Trail Running Shoe,,,published,,,,TRS-42,,19.99,,EUR,12,\r\n';

/** The most bytes that are written at once. */
const MAX_PIECE = 65_536;

/** The whole catalog as a file, for editors. */
@ApiTags('Catalog')
@Roles('editor')
@Controller('v1/catalog/export')
export class ExportController {
  constructor(private readonly catalog: CatalogExport) {}

  @Get()
  @ApiOperation({
    operationId: 'exportCatalog',
    summary: 'Export all products',
    description:
      'Every product, drafts and archived ones too, in the order of their slugs, streamed as NDJSON or, where `Accept` prefers ' +
      '`text/csv`, as CSV. It is what an import takes: importing it into an empty catalog gives the same catalog.',
  })
  @ApiHeader({
    name: 'Accept',
    required: false,
    schema: { type: 'string', example: 'text/csv' },
    description: '`text/csv` for CSV; NDJSON otherwise.',
  })
  @ApiOkResponse({
    description: 'The catalog.',
    content: {
      [IMPORT_FORMATS.ndjson]: { schema: { type: 'string' }, example: LINE },
      [IMPORT_FORMATS.csv]: { schema: { type: 'string' }, example: ROWS },
    },
  })
  export(@Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): void {
    const format = preferredFormat(accept);
    addVary(reply, 'Accept, Authorization');
    reply
      .header(
        'content-type',
        format === 'csv' ? `${IMPORT_FORMATS.csv}; charset=utf-8` : IMPORT_FORMATS.ndjson,
      )
      .header('content-disposition', `attachment; filename="catalog.${format}"`)
      .send(Readable.from(inPieces(this.catalog.text(format))));
  }
}

// A slow reader is known by pieces that are read to their ends.
async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += MAX_PIECE) {
      yield bytes.subarray(start, start + MAX_PIECE);
    }
  }
}
