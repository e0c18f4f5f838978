// What is read of the catalog beside other ways of answering the same: paths of the API, of the bare server, and of the
// one with entities where it has the read.
import assert from 'node:assert/strict';
import { encodeCursor } from '../dist/http/cursor.js';
import { runSql } from './bench-database.mjs';
import { fetchBody, getRequest } from './load.mjs';

const DIFFERENT = 1000;
const PAGES_IN_A_ROW = 20;
const PAGE = 20;
/** At the end of a cursor. */
const SUM_BYTES = 4;

/** By read: what it is called, and its paths as `{ house, bare, entities }`. */
export async function readsOf(databaseUrl, houseUrl) {
  const rows = await runSql(
    databaseUrl,
    `SELECT slug, product_id AS id, listed_at::text AS at FROM product_documents WHERE status = 'published'
     ORDER BY listed_at DESC, product_id DESC`,
  );
  const spread = Array.from(
    { length: DIFFERENT },
    (_, index) => rows[Math.floor((index * rows.length) / DIFFERENT)],
  );
  const page = `/page?nextCursor=${await nextCursorOf(houseUrl, '/v1/products')}`;
  return [
    {
      label: 'a product',
      paths: spread.map(({ slug }) => ({
        house: `/v1/products/${slug}`,
        bare: `/product/${slug}`,
        entities: `/product/${slug}`,
      })),
    },
    { label: 'the first page of 20', paths: [{ house: '/v1/products', bare: page, entities: page }] },
    {
      label: 'a page of 20 from the middle of the list',
      paths: await pagesInTheMiddle(houseUrl, rows),
    },
    { label: 'a filtered page of 20', paths: await filteredPages(databaseUrl, houseUrl) },
  ];
}

/** Twenty pages in a row from the middle of the list, reached by a cursor of the API's own making. */
async function pagesInTheMiddle(houseUrl, rows) {
  const start = Math.floor(rows.length / 2);
  let cursor = cursorLike(await nextCursorOf(houseUrl, '/v1/products'), rows[start - 1]);
  const paths = [];
  for (let pageNumber = 0; pageNumber < PAGES_IN_A_ROW; pageNumber++) {
    const house = `/v1/products?cursor=${cursor}`;
    const nextCursor = await nextCursorOf(houseUrl, house);
    const { at, id } = rows[start - 1 + pageNumber * PAGE];
    paths.push({
      house,
      bare: `/page-after?at=${encodeURIComponent(at)}&id=${id}&nextCursor=${nextCursor}`,
    });
    cursor = nextCursor;
  }
  return paths;
}

/** Of the categories with the most products, whose filtered lists are longer than a page. */
async function filteredPages(databaseUrl, houseUrl) {
  const categories = await runSql(
    databaseUrl,
    'SELECT category_slug AS slug FROM category_product_counts ORDER BY products DESC LIMIT 20',
  );
  const paths = [];
  for (const { slug } of categories) {
    const house = `/v1/products?category=${slug}&minPrice=2000&maxPrice=9000&inStock=true`;
    const nextCursor = await nextCursorOf(houseUrl, house);
    if (nextCursor !== null) {
      paths.push({ house, bare: `/filtered?category=${slug}&min=2000&max=9000&nextCursor=${nextCursor}` });
    }
  }
  return paths;
}

async function nextCursorOf(houseUrl, path) {
  return JSON.parse(await fetchBody(houseUrl, getRequest(path))).nextCursor;
}

/** A cursor of the same list that ends at another product. */
function cursorLike(cursor, { at, id }) {
  const [list] = JSON.parse(Buffer.from(cursor, 'base64url').subarray(0, -SUM_BYTES).toString());
  return encodeCursor(list, [at, id]);
}

/** The bare server has to answer with the same bytes, the one with entities with the same JSON. */
export async function insistOnSameAnswers(reads, { house, bare, entities }) {
  for (const { paths } of reads) {
    for (const path of paths.slice(0, PAGE)) {
      const ours = await fetchBody(house.url, getRequest(path.house));
      assert.ok(
        (await fetchBody(bare.url, getRequest(path.bare))) === ours,
        `${path.bare} answers otherwise`,
      );
      if (path.entities !== undefined) {
        const theirs = await fetchBody(entities.url, getRequest(path.entities));
        assert.deepEqual(JSON.parse(theirs), JSON.parse(ours), `${path.entities} answers otherwise`);
      }
    }
  }
}
