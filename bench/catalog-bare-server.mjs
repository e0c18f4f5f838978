// What the catalog is compared with: bare Fastify and `pg`, one prepared query a request, the same bytes as the API.
// Nothing is checked, nobody is guarded against, no header is set but the content type.
import Fastify from 'fastify';
import pg from 'pg';

const JSON_TYPE = 'application/json; charset=utf-8';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const fastify = Fastify();

async function select(name, text, values) {
  const { rows } = await pool.query({ name, text, values, rowMode: 'array' });
  return rows;
}

function page(rows, nextCursor) {
  return `{"items":[${rows.map(([body]) => body).join(',')}],"nextCursor":"${nextCursor}"}`;
}

fastify.get('/product/:slug', async (request, reply) => {
  const rows = await select('product', 'SELECT head || tail FROM product_documents WHERE slug = $1', [
    request.params.slug,
  ]);
  return reply.type(JSON_TYPE).send(rows[0][0]);
});

fastify.get('/page', async (request, reply) => {
  const rows = await select(
    'page',
    `SELECT head || tail FROM product_documents WHERE status = 'published'
     ORDER BY listed_at DESC, product_id DESC LIMIT 20`,
  );
  return reply.type(JSON_TYPE).send(page(rows, request.query.nextCursor));
});

fastify.get('/page-after', async (request, reply) => {
  const { at, id, nextCursor } = request.query;
  const rows = await select(
    'page-after',
    `SELECT head || tail FROM product_documents
     WHERE status = 'published' AND (listed_at, product_id) < ($1::timestamptz, $2::uuid)
     ORDER BY listed_at DESC, product_id DESC LIMIT 20`,
    [at, id],
  );
  return reply.type(JSON_TYPE).send(page(rows, nextCursor));
});

fastify.get('/filtered', async (request, reply) => {
  const { category, min, max, nextCursor } = request.query;
  const rows = await select(
    'filtered',
    `SELECT head || tail FROM product_documents
     WHERE status = 'published' AND category_slugs @> ARRAY[$1] AND price_min BETWEEN $2 AND $3 AND in_stock
     ORDER BY listed_at DESC, product_id DESC LIMIT 20`,
    [category, min, max],
  );
  return reply.type(JSON_TYPE).send(page(rows, nextCursor));
});

process.stdout.write(`bare listens on ${await fastify.listen({ port: 0, host: '127.0.0.1' })}\n`);
