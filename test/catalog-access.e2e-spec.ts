import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterAll(() => app.close());

const ID = '019dd1a5-0c5c-7d0e-9f3a-000000000000';

describe('writing to the catalog', () => {
  it.each([
    ['POST', '/v1/products'],
    ['PATCH', `/v1/products/${ID}`],
    ['DELETE', `/v1/products/${ID}`],
    ['POST', `/v1/products/${ID}/variants`],
    ['PATCH', `/v1/products/${ID}/variants/${ID}`],
    ['DELETE', `/v1/products/${ID}/variants/${ID}`],
    ['POST', `/v1/variants/${ID}/stock`],
    ['POST', '/v1/categories'],
    ['PATCH', `/v1/categories/${ID}`],
    ['DELETE', `/v1/categories/${ID}`],
  ])(
    'OWASP API5: %s %s is 401 for guests, 403 for customers, and open to editors and admins',
    async (method, path) => {
      const sending = method === 'DELETE' ? {} : { body: {} };
      const statusFor = async (token?: string) =>
        (await app.send(method, path, { ...sending, token })).status;

      expect(await statusFor()).toBe(401);
      expect(await statusFor(await app.signIn('customer'))).toBe(403);
      expect([404, 422]).toContain(await statusFor(await app.signIn('editor')));
      expect([404, 422]).toContain(await statusFor(await app.signIn('admin')));
    },
  );
});

describe('reading the catalog', () => {
  it('OWASP API5: is for editors where it is the history of a stock', async () => {
    const statusFor = async (token?: string) => (await app.get(`/v1/variants/${ID}/stock`, { token })).status;

    expect(await statusFor()).toBe(401);
    expect(await statusFor(await app.signIn('customer'))).toBe(403);
    expect(await statusFor(await app.signIn('editor'))).toBe(404);
  });

  it('is open to guests', async () => {
    expect((await app.get('/v1/products')).status).toBe(200);
    expect((await app.get('/v1/categories')).status).toBe(200);
  });
});
