import { startTestApp, type TestApp } from './support/app.js';
import type { Answer } from './support/client.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp({ CORS_ORIGINS: 'https://shop.example' });
  token = await app.signIn('editor');
  await app.post('/v1/categories', { name: 'Shelf' }, { token });
  await app.post('/v1/categories', { name: 'Board', parentId: await idOf(CATEGORY) }, { token });
  for (const number of [1, 2, 3]) {
    const variants = [{ sku: `kept-${number}`, price: { amount: number, currency: 'EUR' }, stock: 5 }];
    const body = { title: `Kept ${number}`, status: 'published', categories: ['shelf'], variants };
    await app.post('/v1/products', body, { token });
  }
});

afterAll(() => app.close());

const PRODUCT = '/v1/products/kept-1';
const LIST = '/v1/products?sort=title&limit=2';
const FILTERED = '/v1/products?category=shelf&count=true';
const TREE = '/v1/categories';
const CATEGORY = '/v1/categories/shelf';
const REVALIDATED = 'public, max-age=0, must-revalidate';

function revalidate(path: string, tag: string): Promise<Answer> {
  return app.get(path, { headers: { 'if-none-match': tag } });
}

async function tagOf(path: string): Promise<string> {
  const { status, headers } = await app.get(path);
  expect(status).toBe(200);
  return headers.get('etag') ?? '';
}

async function change(method: string, path: string, body?: object): Promise<void> {
  const { status } = await app.send(method, path, { token, body, headers: { 'if-match': '*' } });
  expect(status).toBeLessThan(300);
}

async function idOf(path: string): Promise<string> {
  return (await app.get(path)).body.id;
}

describe.each([PRODUCT, LIST, FILTERED, TREE, CATEGORY])('GET %s', (path) => {
  it('RFC 9110 8.8.3: has a strong ETag, the same until something changes', async () => {
    const tag = await tagOf(path);

    expect(tag).toMatch(/^"[\w.-]+"$/);
    expect(await tagOf(path)).toBe(tag);
  });

  it('RFC 9110 13.1.2: answers 304 to its ETag: alone, weak, in a list, or any', async () => {
    const tag = await tagOf(path);

    for (const header of [tag, `W/${tag}`, `"x", ${tag}`, `"x",W/${tag} , "y"`, '*']) {
      const { status, text } = await revalidate(path, header);
      expect({ header, status, text }).toEqual({ header, status: 304, text: '' });
    }
  });

  it('RFC 9110 13.1.2: answers 200 to every other', async () => {
    const tag = await tagOf(path);

    for (const header of ['"x"', tag.slice(1, -1), `"${tag}"`, `w/${tag}`, '']) {
      const { status, text } = await revalidate(path, header);
      expect({ header, status, isWhole: text.endsWith('}') }).toEqual({ header, status: 200, isWhole: true });
    }
  });

  it('RFC 9110 15.4.5: says in a 304 what the 200 says to caches', async () => {
    const fresh = await app.get(path);
    const known = await revalidate(path, fresh.headers.get('etag') ?? '');

    for (const name of ['etag', 'cache-control', 'vary', 'content-location', 'expires']) {
      expect([name, known.headers.get(name)]).toEqual([name, fresh.headers.get(name)]);
    }
    expect(fresh.headers.get('cache-control')).toBe(REVALIDATED);
    expect(known.headers.get('content-type')).toBeNull();
  });

  it('RFC 9110 12.5.5: varies by the origin, which CORS looks at, whoever asks', async () => {
    const ofPage = await app.get(path, { headers: { origin: 'https://shop.example' } });
    const ofOther = await app.get(path, { headers: { origin: 'https://other.example' } });
    const ofNone = await app.get(path);

    for (const { headers } of [ofPage, ofOther, ofNone]) {
      expect(headers.get('vary')).toMatch(/\bOrigin\b/);
    }
    expect(ofPage.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(ofPage.headers.get('etag')).toBe(ofNone.headers.get('etag'));
  });

  it('RFC 9110 9.3.2: answers HEAD with the headers of GET, and 304 too', async () => {
    const got = await app.get(path);
    const head = await app.send('HEAD', path);
    const known = await app.send('HEAD', path, {
      headers: { 'if-none-match': got.headers.get('etag') ?? '' },
    });

    expect([head.status, head.text, known.status, known.text]).toEqual([200, '', 304, '']);
    for (const name of ['etag', 'cache-control', 'vary', 'content-type']) {
      expect([name, head.headers.get(name)]).toEqual([name, got.headers.get(name)]);
    }
  });
});

describe('a 304', () => {
  // Without these columns nothing can be rendered: whoever reads them fails.
  it.each([
    [PRODUCT, 'product_documents', 'head'],
    [LIST, 'product_documents', 'head'],
    [FILTERED, 'product_documents', 'head'],
    [TREE, 'categories', 'description'],
    [CATEGORY, 'categories', 'description'],
  ])('of %s reads nothing of what it does not send: %s.%s', async (path, table, column) => {
    const tag = await tagOf(path);

    await app.database.query(`ALTER TABLE ${table} RENAME COLUMN ${column} TO away`);
    try {
      expect((await revalidate(path, tag)).status).toBe(304);
      expect((await app.get(path)).status).toBe(500);
    } finally {
      await app.database.query(`ALTER TABLE ${table} RENAME COLUMN away TO ${column}`);
    }
    expect((await app.get(path)).status).toBe(200);
  });
});

describe('the ETag of a product', () => {
  const create = (body: object) => app.post('/v1/products', { ...body, status: 'published' }, { token });
  const patch = (id: string, body: object, tag: string) =>
    app.patch(`/v1/products/${id}`, body, { token, headers: { 'if-match': tag } });

  it('is not that of another which has taken its slug, at the same revision', async () => {
    const first = await create({ title: 'First shoe', slug: 'shoe' });
    const kept = await tagOf('/v1/products/shoe');
    await change('PATCH', `/v1/products/${first.body.id}`, { slug: 'first-shoe' });
    await create({ title: 'Second shoe', slug: 'shoe' });

    const { status, headers, body } = await revalidate('/v1/products/shoe', kept);

    expect({ status, title: body.title }).toEqual({ status: 200, title: 'Second shoe' });
    expect(headers.get('etag')).toMatch(/^"1\./);
    expect(kept).toMatch(/^"1\./);
  });

  it('is the same in every answer that tells of the same state: what a change answered with is known to a read', async () => {
    const made = await create({ title: 'Tagged' });
    const { id } = made.body;
    const path = `/v1/products/${id}`;
    const statuses: number[] = [];
    const isKnown = async ({ status, headers }: Answer) => {
      statuses.push(status, (await revalidate(path, headers.get('etag') ?? '')).status);
    };

    await isKnown(made);
    await isKnown(await patch(id, { slug: 'tagged-anew' }, '*'));
    await isKnown(await patch(id, {}, '*'));
    const variant = { sku: 'tagged', price: { amount: 1, currency: 'EUR' } };
    const added = await app.post(`/v1/products/${id.toUpperCase()}/variants`, variant, { token });
    await isKnown(added);
    const one = `${path}/variants/${added.body.id}`;
    await isKnown(await app.patch(one, { title: 'One' }, { token }));
    await isKnown(await app.delete(one, { token }));
    await isKnown(await app.get('/v1/products/tagged-anew'));
    await isKnown(await app.get(`/v1/products/${id.toUpperCase()}`));

    expect(statuses).toEqual([
      201, 304, 200, 304, 200, 304, 201, 304, 200, 304, 204, 304, 200, 304, 200, 304,
    ]);
  });

  it('is taken by If-Match whole, or with the revision alone', async () => {
    const { headers, body } = await create({ title: 'Matched' });
    const tag = headers.get('etag') ?? '';

    const whole = await patch(body.id, { title: 'Matched once' }, tag);
    const revision = await patch(body.id, { title: 'Matched twice' }, '"2"');
    const stale = [
      await patch(body.id, { title: 'x' }, tag),
      await patch(body.id, { title: 'x' }, '"2"'),
      await patch(body.id, { title: 'x' }, `W/${revision.headers.get('etag')}`),
    ];

    expect([whole.status, revision.status]).toEqual([200, 200]);
    expect(stale.map(({ status }) => status)).toEqual([412, 412, 412]);
  });
});

describe('the ETag of a list', () => {
  it('changes with the stock, the name and the status of any product on the page, and of no other', async () => {
    const first = await app.get(PRODUCT);
    const { id } = first.body.variants[0];
    const elsewhere = '/v1/products?sort=-price&limit=1';
    const before = [await tagOf(LIST), await tagOf(elsewhere)];

    await change('POST', `/v1/variants/${id}/stock`, { delta: -1, reason: 'Sold' });
    const sold = [await tagOf(LIST), await tagOf(elsewhere)];
    await change('PATCH', `/v1/products/${first.body.id}`, { title: 'Kept 1, renamed' });
    const renamed = [await tagOf(LIST), await tagOf(elsewhere)];
    await change('DELETE', `/v1/products/${first.body.id}`);
    const archived = [await tagOf(LIST), await tagOf(elsewhere)];

    expect(new Set([before[0], sold[0], renamed[0], archived[0]]).size).toBe(4);
    expect(new Set([before[1], sold[1], renamed[1], archived[1]]).size).toBe(1);
    await change('PATCH', `/v1/products/${first.body.id}`, { status: 'published', title: 'Kept 1' });
  });

  it('changes with nextCursor and with total', async () => {
    const [one, counted] = [
      await tagOf('/v1/products?limit=3'),
      await tagOf('/v1/products?limit=3&count=true'),
    ];
    await change('POST', '/v1/products', { title: 'Older', status: 'draft' });
    expect(await tagOf('/v1/products?limit=3')).toBe(one);
    await change('PATCH', `/v1/products/${(await app.get('/v1/products?status=draft', { token })).body.items[0].id}`, { status: 'published' }); // prettier-ignore

    expect(await tagOf('/v1/products?limit=3')).not.toBe(one);
    expect(await tagOf('/v1/products?limit=3&count=true')).not.toBe(counted);
  });
});

describe('the ETag of the category tree', () => {
  it('changes with a name, a place, a count, a new category and one that is gone', async () => {
    const seen = [await tagOf(TREE)];
    const step = async (method: string, path: string, body?: object) => {
      await change(method, path, body);
      seen.push(await tagOf(TREE));
    };
    const shelf = await idOf('/v1/categories/shelf');

    await step('POST', '/v1/categories', { name: 'Shed' });
    const shed = await idOf('/v1/categories/shed');
    await step('PATCH', `/v1/categories/${shelf}`, { name: 'Long shelf' });
    await step('PATCH', `/v1/categories/${shelf}`, { parentId: shed });
    await step('DELETE', `/v1/products/${await idOf(PRODUCT)}`);
    await step('PATCH', `/v1/categories/${shelf}`, { parentId: null });
    await step('DELETE', `/v1/categories/${shed}`);

    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('the ETag of a category', () => {
  it('changes with what is above and below it and with its count, and is good for a change until its own fields change', async () => {
    const path = '/v1/categories/middle';
    await change('POST', '/v1/categories', { name: 'Above' });
    const above = await idOf('/v1/categories/above');
    await change('POST', '/v1/categories', { name: 'Middle', parentId: above });
    const middle = await idOf(path);
    const first = await tagOf(path);
    const seen = [first];
    const step = async (method: string, at: string, body?: object) => {
      await change(method, at, body);
      const stale = await revalidate(path, seen.at(-1) ?? '');
      expect(stale.status).toBe(200);
      seen.push(stale.headers.get('etag') ?? '');
      expect((await revalidate(path, seen.at(-1) ?? '')).status).toBe(304);
    };

    await step('PATCH', `/v1/categories/${above}`, { name: 'Far above' });
    await step('POST', '/v1/categories', { name: 'Below', parentId: middle });
    const below = await idOf('/v1/categories/below');
    await step('PATCH', `/v1/categories/${below}`, { description: 'Deep.' });
    await step('POST', '/v1/products', { title: 'Counted', status: 'published', categories: ['below'] });
    const patch = (tag: string | undefined) =>
      app.patch(`/v1/categories/${middle}`, { position: 9 }, { token, headers: { 'if-match': tag ?? '' } });
    const changed = await patch(first);
    const again = await patch(first);

    expect(new Set(seen).size).toBe(5);
    expect([changed.status, again.status]).toEqual([200, 412]);
    expect(changed.headers.get('etag')).toBe(await tagOf(path));
  });

  it('is not asked for where there is no such category, or where it has moved', async () => {
    await change('POST', '/v1/categories', { name: 'Moving' });
    await change('PATCH', `/v1/categories/${await idOf('/v1/categories/moving')}`, { slug: 'moved' });

    expect((await revalidate('/v1/categories/no-such', '*')).status).toBe(404);
    expect((await revalidate('/v1/categories/moving', '*')).status).toBe(301);
  });
});

describe('what a token gets', () => {
  it('RFC 9111 5.2.2.5: is kept by nobody, but may be asked about by its ETag', async () => {
    const answer = await app.get('/v1/products', { token });
    const known = await app.get('/v1/products', {
      token,
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    });

    expect([answer.status, known.status]).toEqual([200, 304]);
    expect([answer, known].map(({ headers }) => headers.get('cache-control'))).toEqual([
      'no-store',
      'no-store',
    ]);
    expect(answer.headers.get('vary')).toMatch(/\bAuthorization\b/);
  });

  it.each(['/v1/products/kept-2', LIST, TREE, CATEGORY, '/v1/products/suggest?q=kept'])(
    'is kept by nobody, and is nothing where the token is not good: %s',
    async (path) => {
      const [guest, known, forged] = [
        await app.get(path),
        await app.get(path, { token }),
        await app.get(path, { token: `${token}x` }),
      ];

      expect([guest.status, known.status, forged.status]).toEqual([200, 200, 401]);
      expect(guest.headers.get('cache-control')).toMatch(/^public, /);
      expect([known, forged].map(({ headers }) => headers.get('cache-control'))).toEqual([
        'no-store',
        'no-store',
      ]);
      expect(guest.headers.get('vary')).toMatch(/\bAuthorization\b/);
    },
  );
});

describe('the documents of a category’s products', () => {
  it('are written with what changes them: a move of the category above shows in one and the same answer', async () => {
    await change('POST', '/v1/categories', { name: 'House' });
    await change('POST', '/v1/categories', { name: 'Garden' });
    await change('POST', '/v1/categories', { name: 'Tools', parentId: await idOf('/v1/categories/garden') });
    await change('POST', '/v1/products', { title: 'Rake', status: 'published', categories: ['tools'] });
    const before = await tagOf('/v1/products/rake');

    await change('PATCH', `/v1/categories/${await idOf('/v1/categories/garden')}`, {
      parentId: await idOf('/v1/categories/house'),
    });

    const { status, body } = await revalidate('/v1/products/rake', before);
    expect(status).toBe(200);
    expect(body.categories[0].path).toBe('House/Garden/Tools');
    expect((await app.get('/v1/products?category=house')).body.items).toEqual([body]);
  });
});
