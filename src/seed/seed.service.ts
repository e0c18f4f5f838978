import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CatalogLoader } from '../catalog/catalog-loader.js';
import type { LoadedCatalog } from '../catalog/loading/loaded-catalog.js';
import { Settings } from '../config/settings.js';
import { DevelopmentAccounts } from './development-accounts.js';
import { type SampleCatalog, sampleCatalog } from './sample-catalog/sample-catalog.js';

/** Fills an empty development installation: two accounts and a catalog to look at. */
@Injectable()
export class SeedService {
  private readonly logger = new Logger(SeedService.name);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly accounts: DevelopmentAccounts,
    private readonly catalog: CatalogLoader,
  ) {}

  /** For a server that starts. Commands do not: whoever begins with an import of a catalog wants no other in it. */
  async seedInDevelopment(): Promise<void> {
    if (this.settings.NODE_ENV === 'development') {
      await this.seed();
    }
  }

  /** Does nothing that is done already. @throws Error in production: no default accounts there (ASVS 6.3.2) */
  async seed(): Promise<void> {
    if (this.settings.isProduction) {
      throw new Error(
        'The seed is for development: it makes accounts with known addresses. Make yours with `npm run admin -- create`.',
      );
    }
    await this.accounts.ensure();
    const loaded = await this.dataSource.transaction((manager) =>
      this.catalog.loadIfEmpty(manager, inEuro(sampleCatalog())),
    );
    if (loaded > 0) {
      this.logger.log(`Sample catalog loaded: ${loaded} products`);
    }
  }
}

function inEuro({ categories, products }: SampleCatalog): LoadedCatalog {
  const money = (amount: number) => ({ amount, currency: 'EUR' });
  return {
    categories,
    products: products.map((product) => ({
      ...product,
      variants: product.variants.map(({ price, compareAtPrice, ...variant }) => ({
        ...variant,
        price: money(price),
        compareAtPrice: compareAtPrice === null ? null : money(compareAtPrice),
      })),
    })),
  };
}
