import { walkWhileWriting } from './support/catalog-walk.js';

describe('a list of 1,000 products', () => {
  walkWhileWriting({ products: 1000, pageSize: 10 });
});
