import { walkWhileWriting } from '../support/catalog-walk.js';

const PRODUCTS = 100_000;

describe('a list of 100,000 products', () => {
  walkWhileWriting({ products: PRODUCTS, pageSize: 100 });
});
