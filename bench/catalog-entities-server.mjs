// What the catalog is compared with, the usual way: Fastify, TypeORM entities with relations, the same fields and texts
// as the API. Nothing is checked, nobody is guarded against.
import 'reflect-metadata';
import Fastify from 'fastify';
import { DataSource, EntitySchema } from 'typeorm';
import { SnakeCaseNamingStrategy } from '../dist/database/snake-case-naming-strategy.js';

const text = { type: 'text' };
const uuid = { type: 'uuid' };
const bigint = { type: 'bigint' };

const Category = new EntitySchema({
  name: 'Category',
  tableName: 'categories',
  columns: { id: { ...uuid, primary: true }, slug: text, name: text, path: text },
});

const ProductCategory = new EntitySchema({
  name: 'ProductCategory',
  tableName: 'product_categories',
  columns: {
    productId: { ...uuid, primary: true },
    categoryId: { ...uuid, primary: true },
    position: { type: 'integer' },
  },
  relations: {
    product: { type: 'many-to-one', target: 'Product', joinColumn: { name: 'product_id' } },
    category: { type: 'many-to-one', target: 'Category', joinColumn: { name: 'category_id' } },
  },
});

const Variant = new EntitySchema({
  name: 'Variant',
  tableName: 'variants',
  columns: {
    id: { ...uuid, primary: true },
    productId: uuid,
    sku: text,
    title: { ...text, nullable: true },
    price: bigint,
    compareAtPrice: { ...bigint, nullable: true },
    stock: { type: 'integer' },
    options: { type: 'jsonb' },
    position: { type: 'integer' },
  },
  relations: { product: { type: 'many-to-one', target: 'Product', joinColumn: { name: 'product_id' } } },
});

const Product = new EntitySchema({
  name: 'Product',
  tableName: 'products',
  columns: {
    id: { ...uuid, primary: true },
    slug: text,
    title: text,
    description: text,
    brand: { ...text, nullable: true },
    status: text,
    attributes: { type: 'jsonb' },
    currency: { ...text, nullable: true },
    createdAt: { type: 'timestamptz' },
    updatedAt: { type: 'timestamptz' },
    publishedAt: { type: 'timestamptz', nullable: true },
  },
  relations: {
    variants: { type: 'one-to-many', target: 'Variant', inverseSide: 'product' },
    categories: { type: 'one-to-many', target: 'ProductCategory', inverseSide: 'product' },
  },
});

const dataSource = await new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  namingStrategy: new SnakeCaseNamingStrategy(),
  entities: [Category, ProductCategory, Variant, Product],
  extra: { max: 10 },
}).initialize();
const products = dataSource.getRepository(Product);

const RELATIONS = { variants: true, categories: { category: true } };
const NEWEST_FIRST = { publishedAt: 'DESC', id: 'DESC' };
const PAGE = 20;

const byPosition = (one, other) => one.position - other.position;

function toJson(product) {
  const { variants, categories, currency, ...rest } = product;
  const money = (amount) => ({ amount: Number(amount), currency });
  const prices = variants.map(({ price }) => Number(price));
  return {
    ...rest,
    categories: categories.toSorted(byPosition).map(({ category }) => category),
    media: [],
    priceRange:
      prices.length === 0 ? null : { min: money(Math.min(...prices)), max: money(Math.max(...prices)) },
    inStock: variants.some(({ stock }) => stock > 0),
    variants: variants
      .toSorted(byPosition)
      .map(({ id, sku, title, price, compareAtPrice, stock, options }) => ({
        id,
        sku,
        title,
        price: money(price),
        compareAtPrice: compareAtPrice === null ? undefined : money(compareAtPrice),
        stock,
        options,
      })),
  };
}

const fastify = Fastify();

fastify.get('/product/:slug', async (request, reply) => {
  const { slug } = request.params;
  return reply.send(toJson(await products.findOne({ where: { slug }, relations: RELATIONS })));
});

fastify.get('/page', async (request, reply) => {
  const found = await products.find({
    where: { status: 'published' },
    relations: RELATIONS,
    order: NEWEST_FIRST,
    take: PAGE,
  });
  return reply.send({ items: found.map(toJson), nextCursor: request.query.nextCursor });
});

process.stdout.write(
  `the one with entities listens on ${await fastify.listen({ port: 0, host: '127.0.0.1' })}\n`,
);
