import fc from 'fast-check';
import type { TestApp } from './app.js';
import type { Answer } from './client.js';

/** One random change: what to do, to which of those that are there, and with what. */
interface Draw {
  readonly kind: Kind;
  readonly target: number;
  readonly other: number;
  readonly number: number;
  readonly text: string;
  readonly isFlag: boolean;
}

type Kind = keyof typeof CHANGES;

/** What there is to be changed. */
interface Shop {
  readonly app: TestApp;
  readonly token: string;
  readonly products: string[];
  readonly variants: { readonly id: string; readonly productId: string }[];
  readonly categories: string[];
}

// What could be taken for a member of a document, or has to be escaped in one, beside plain texts.
const TEXTS = [
  'Plain',
  'x","stock":7,"y":"',
  '{"id":"","sku":"',
  '"inStock":false,"variants":[',
  '\\"updatedAt\\":\\',
  'Größe 😀 \u2028 x',
  'a/b%_\'"--',
];
const STATUSES = ['draft', 'published', 'archived'];
const euros = (amount: number) => ({ amount, currency: 'EUR' });
let made = 0;

const CHANGES = {
  createProduct: async (shop: Shop, draw: Draw) => {
    const variants = Array.from({ length: draw.number % 4 }, () => variantFrom(draw));
    const answer = await send(shop, 'POST', '/v1/products', {
      ...productFrom(shop, draw),
      title: draw.text,
      variants,
    });
    if (answer.status === 201) {
      const { id: productId } = answer.body;
      shop.products.push(productId);
      shop.variants.push(...answer.body.variants.map(({ id }: { id: string }) => ({ id, productId })));
    }
    return answer;
  },
  patchProduct: (shop: Shop, draw: Draw) =>
    send(shop, 'PATCH', `/v1/products/${pick(shop.products, draw)}`, productFrom(shop, draw)),
  changeSlug: (shop: Shop, draw: Draw) =>
    send(shop, 'PATCH', `/v1/products/${pick(shop.products, draw)}`, { slug: slugFrom(draw) }),
  archiveProduct: (shop: Shop, draw: Draw) =>
    send(shop, 'DELETE', `/v1/products/${pick(shop.products, draw)}`),
  addVariant: async (shop: Shop, draw: Draw) => {
    const productId = pick(shop.products, draw) ?? '';
    const answer = await send(shop, 'POST', `/v1/products/${productId}/variants`, variantFrom(draw));
    if (answer.status === 201) {
      shop.variants.push({ id: answer.body.id, productId });
    }
    return answer;
  },
  patchVariant: (shop: Shop, draw: Draw) => {
    const { price, stock, options, compareAtPrice } = variantFrom(draw);
    const patch = draw.isFlag ? { price, options } : { stock, compareAtPrice, title: draw.text };
    return send(shop, 'PATCH', variantPath(shop, draw), patch);
  },
  removeVariant: (shop: Shop, draw: Draw) => send(shop, 'DELETE', variantPath(shop, draw)),
  adjustStock: (shop: Shop, draw: Draw) =>
    send(shop, 'POST', `/v1/variants/${pick(shop.variants, draw)?.id}/stock`, {
      delta: (draw.number % 7) - 4 || 3,
      reason: draw.text,
    }),
  createCategory: async (shop: Shop, draw: Draw) => {
    const parentId = draw.isFlag ? null : (pick(shop.categories, draw) ?? null);
    const body = { name: nameFrom(draw), parentId, ...(draw.isFlag && { slug: slugFrom(draw) }) };
    const answer = await send(shop, 'POST', '/v1/categories', body);
    if (answer.status === 201) {
      shop.categories.push(answer.body.id);
    }
    return answer;
  },
  renameCategory: (shop: Shop, draw: Draw) =>
    send(shop, 'PATCH', `/v1/categories/${pick(shop.categories, draw)}`, {
      name: nameFrom(draw),
      ...(draw.isFlag && { slug: slugFrom(draw) }),
    }),
  moveCategory: (shop: Shop, draw: Draw) =>
    send(shop, 'PATCH', `/v1/categories/${pick(shop.categories, draw)}`, {
      parentId: draw.isFlag ? null : shop.categories[draw.other % shop.categories.length],
    }),
  deleteCategory: (shop: Shop, draw: Draw) =>
    send(shop, 'DELETE', `/v1/categories/${pick(shop.categories, draw)}`),
};

/** The names of all kinds of changes. */
export const KINDS = Object.keys(CHANGES);

/** So many changes, the same for the same seed. Sales are the most frequent, as in a shop. */
export function drawChanges(count: number, seed: number): Draw[] {
  const kinds = Object.keys(CHANGES) as Kind[]; // Object.keys forgets which they are
  return fc.sample(
    fc.record({
      kind: fc.constantFrom(...kinds, 'adjustStock', 'adjustStock', 'createProduct', 'addVariant'),
      target: fc.nat(),
      other: fc.nat(),
      number: fc.nat(1000),
      text: fc.constantFrom(...TEXTS),
      isFlag: fc.boolean(),
    }),
    { numRuns: count, seed },
  );
}

/** Makes random changes of a catalog over its API. */
export class CatalogChanger {
  private readonly shop: Shop;

  constructor(app: TestApp, token: string) {
    this.shop = { app, token, products: [], variants: [], categories: [] };
  }

  /** Makes them, so many at a time; answers with what each got, such as `adjustStock 409`. */
  async make(draws: readonly Draw[], atOnce: number): Promise<string[]> {
    const outcomes: string[] = [];
    for (let begin = 0; begin < draws.length; begin += atOnce) {
      const batch = draws.slice(begin, begin + atOnce);
      const answers = await Promise.all(batch.map((draw) => CHANGES[draw.kind](this.shop, draw)));
      outcomes.push(...answers.map(({ status }, index) => `${batch[index]?.kind} ${status}`));
    }
    return outcomes;
  }
}

function send({ app, token }: Shop, method: string, path: string, body?: object): Promise<Answer> {
  return app.send(method, path, { token, body, headers: { 'if-match': '*' } });
}

function pick<Item>(items: readonly Item[], { target }: Draw): Item | undefined {
  return items[target % Math.max(items.length, 1)];
}

function variantPath(shop: Shop, draw: Draw): string {
  const variant = pick(shop.variants, draw);
  return `/v1/products/${variant?.productId}/variants/${variant?.id}`;
}

// Of a few, so that they are taken from each other.
function slugFrom({ number }: Draw): string {
  return `slug-${number % 30}`;
}

function nameFrom({ text, number }: Draw): string {
  return `${text.replaceAll('/', '-')} ${number % 50}`;
}

function productFrom({ categories }: Shop, draw: Draw) {
  const { number, text, other, target, isFlag } = draw;
  const chosen = [other, target].flatMap((index) => categories[index % Math.max(categories.length, 1)] ?? []);
  return {
    title: text,
    description: text.repeat(number % 200),
    brand: isFlag ? text : null,
    status: STATUSES[number % 3],
    attributes: { [text]: isFlag ? text : [text, text], stock: number, inStock: isFlag },
    categories: isFlag ? chosen : chosen.slice(1),
  };
}

function variantFrom({ number, text, isFlag }: Draw) {
  return {
    sku: `${text}-${++made}`,
    title: isFlag ? text : null,
    price: euros(number),
    compareAtPrice: isFlag ? euros(number + 100) : null,
    stock: number % 3,
    options: { [text]: text, stock: '5' },
  };
}
