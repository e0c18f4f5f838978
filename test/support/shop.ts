import type { TestApp } from './app.js';

/** A product of a test's shop, with one variant where it has a price (cents). */
export interface SampleProduct {
  readonly title: string;
  readonly price?: number | null;
  readonly stock?: number;
  readonly brand?: string | null;
  readonly categories?: readonly string[];
  readonly attributes?: object;
  readonly description?: string;
  readonly status?: string;
}

/** Makes the categories Clothes, with Jackets in it, and `more`; then the products, a second after each other. */
export async function fillShop(
  app: TestApp,
  token: string,
  more: readonly string[],
  products: readonly SampleProduct[],
): Promise<void> {
  const clothes = await app.post('/v1/categories', { name: 'Clothes' }, { token });
  await app.post('/v1/categories', { name: 'Jackets', parentId: clothes.body.id }, { token });
  for (const name of more) {
    await app.post('/v1/categories', { name }, { token });
  }
  for (const { price, stock, status = 'published', ...product } of products) {
    app.clock.advance({ seconds: 1 });
    const sku = `SKU-${product.title.toUpperCase().replaceAll(' ', '.')}`;
    const variants =
      price === undefined || price === null
        ? []
        : [{ sku, price: { amount: price, currency: 'EUR' }, stock }];
    const made = await app.post('/v1/products', { ...product, status, variants }, { token });
    if (made.status !== 201) {
      throw new Error(made.text);
    }
  }
}
