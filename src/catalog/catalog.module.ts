import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogLoader } from './catalog-loader.js';
import { CategoriesController } from './categories/categories.controller.js';
import { CategoriesService } from './categories/categories.service.js';
import { CategoryTree } from './categories/category-tree.js';
import { Category } from './categories/category.entity.js';
import { DocumentReader } from './documents/document-reader.js';
import { ProductDocuments } from './documents/product-documents.js';
import { ProductListReader } from './documents/product-list-reader.js';
import { ProductReadsController } from './products/product-reads.controller.js';
import { Product } from './products/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsService } from './products/products.service.js';
import { OldSlugs } from './slugs/old-slugs.js';
import { StockController } from './stock/stock.controller.js';
import { StockService } from './stock/stock.service.js';
import { Facets } from './search/facets.service.js';
import { KnownWords } from './search/known-words.js';
import { QueryInterpreter } from './search/query-interpreter.js';
import { SuggestionsController } from './search/suggestions.controller.js';
import { Suggestions } from './search/suggestions.service.js';
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
  ],
  providers: [
    CategoryTree,
    CategoriesService,
    ProductDocuments,
    DocumentReader,
    ProductListReader,
    KnownWords,
    QueryInterpreter,
    Facets,
    Suggestions,
    ProductsService,
    VariantsService,
    StockService,
    OldSlugs,
    CatalogLoader,
  ],
  exports: [CatalogLoader],
})
export class CatalogModule {}
