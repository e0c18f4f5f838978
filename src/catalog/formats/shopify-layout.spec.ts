import { Readable } from 'node:stream';
import { csvLines } from './csv-lines.js';

interface Product {
  readonly slug?: string;
  readonly variants: readonly { readonly sku: string; readonly title?: string }[];
}

/** The products of rows of `Handle,Title,Option1 Name,Option1 Value,Variant Price`. */
async function productsOf(...rows: string[]): Promise<Product[]> {
  const file = ['Handle,Title,Option1 Name,Option1 Value,Variant Price', ...rows].join('\n');
  const products: Product[] = [];
  for await (const line of csvLines(Readable.from([Buffer.from(file)]), 'EUR')) {
    products.push('text' in line ? JSON.parse(line.text.toString()) : line);
  }
  return products;
}

const slugsOf = async (...handles: string[]) =>
  (await productsOf(...handles.map((handle) => `${handle},T,,,1`))).map(({ slug }) => slug);
const skusOf = async (...rows: string[]) =>
  (await productsOf(...rows)).flatMap(({ variants }) => variants.map(({ sku }) => sku));

describe('handles of Shopify', () => {
  it('become slugs that differ where they differ, however many letters a slug loses', async () => {
    expect(await slugsOf('наушники-500', 'кабель-500', 'bär', 'bar', 'наушники')).toEqual([
      '500-20c9f209d42cbe31',
      '500-4b5a2eda430f0bbd',
      'bar-15179450c8bc00b4',
      'bar',
      '65c2c45acd0bf469',
    ]);
  });

  it('become the same slugs again', async () => {
    expect(await slugsOf('bär')).toEqual(await slugsOf('bär'));
  });

  it('stay as plain as they are where they are ASCII', async () => {
    expect(await slugsOf('gift_card', 'Gift Card 2', 'shirt')).toEqual(['gift-card', 'gift-card-2', 'shirt']);
  });

  it('become slugs that are short enough, and differ behind what is cut', async () => {
    const slugs = await slugsOf(`${'ä'.repeat(300)}1`, `${'a_'.repeat(300)}1`, `${'a_'.repeat(300)}2`);

    expect(new Set(slugs).size).toBe(3);
    expect(slugs.map((slug) => slug?.length)).toEqual([197, 196, 196]);
  });
});

describe('the SKUs that are made for variants without one', () => {
  it('are no other product’s', async () => {
    expect(await skusOf('shirt,Shirt,Color,Red,1', 'shirt-red,Red shirt,,,1')).toEqual([
      'shirt/red',
      'shirt-red/',
    ]);
  });

  it('differ where handles or options do, however many letters are lost', async () => {
    const rows = [
      'bär,A,Color,Red,1',
      'bar,B,Color,Red,1',
      'cup,C,Farbe,Grün,1',
      'cup,,,Grun,1',
      'cup,,,緑,1',
      'cup,,,***,1',
      'cup,,,GRUN,1',
    ];

    const skus = await skusOf(...rows);

    expect(new Set(skus).size).toBe(7);
    expect(skus).toEqual(await skusOf(...rows));
    expect(skus[1]).toBe('bar/red');
    expect(skus[3]).toBe('cup/grun');
  });

  it('are not made without a handle, which would give them to every such product', async () => {
    expect(await skusOf(',A,Color,Red,1', ',B,,,1')).toEqual(['', '']);
  });

  it('have at most 64 characters', async () => {
    const skus = await skusOf(
      `${'long-'.repeat(20)}1,A,Color,Red,1`,
      `${'long-'.repeat(20)}1,,,Blue,1`,
      'ä,B,Color,Red,1',
    );

    expect(new Set(skus).size).toBe(3);
    expect(skus.every((sku) => sku.length <= 64)).toBe(true);
  });
});

it('cuts the title of a variant between characters', async () => {
  const [product] = await productsOf(`cup,Cup,Color,${'x'.repeat(199)}🐌🐌,1`);

  expect(product?.variants[0]?.title).toBe(`${'x'.repeat(199)}🐌`);
});
