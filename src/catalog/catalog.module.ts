import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogLoader } from './catalog-loader.js';
import { CatalogReaders } from './catalog-readers.js';
import { CategoriesController } from './categories/categories.controller.js';
import { CategoriesService } from './categories/categories.service.js';
import { Category } from './categories/category.entity.js';
import { CatalogExport } from './exports/catalog-export.js';
import { ExportController } from './exports/export.controller.js';
import { BatchWriter } from './imports/batch/batch-writer.js';
import { ChunkReader } from './imports/chunk-reader.js';
import { ImportBatches } from './imports/import-batches.js';
import { ImportHousekeeping } from './imports/import-housekeeping.js';
import { ImportStore } from './imports/import-store.js';
import { ImportWorker } from './imports/import-worker.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportReceiver } from './imports/staging/import-receiver.js';
import { ProductDocuments } from './documents/product-documents.js';
import { ProductReadsController } from './products/product-reads.controller.js';
import { Product } from './products/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsService } from './products/products.service.js';
import { StockController } from './stock/stock.controller.js';
import { StockService } from './stock/stock.service.js';
import { LocaleCheck } from './search/locale-check.js';
import { SuggestionsController } from './search/suggestions.controller.js';
import { Variant } from './variants/variant.entity.js';
import { VariantsController } from './variants/variants.controller.js';
import { VariantsService } from './variants/variants.service.js';

/** What is sold: categories, products and their variants. */
@Module({
  imports: [TypeOrmModule.forFeature([Category, Product, Variant])],
  controllers: [
    CategoriesController,
    SuggestionsController,
    ProductReadsController,
    ProductsController,
    VariantsController,
    StockController,
    ImportsController,
    ExportController,
  ],
  providers: [
    CatalogReaders,
    CategoriesService,
    ProductDocuments,
    ProductsService,
    VariantsService,
    StockService,
    CatalogLoader,
    BatchWriter,
    ImportStore,
    ImportHousekeeping,
    ChunkReader,
    ImportBatches,
    ImportWorker,
    ImportReceiver,
    CatalogExport,
    LocaleCheck,
  ],
  exports: [CatalogLoader],
})
export class CatalogModule {}
