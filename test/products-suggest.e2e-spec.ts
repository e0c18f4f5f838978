import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  const titles = ['Headphones for Kids', 'Wireless Headphones', 'Headlamp', 'Café Table', 'Наушники', 'Öl™  für Bärte', 'Aal Öl', 'Twin', 'Twin', 'Wi-Fi Router'];
  for (const title of [...titles, ...Array.from({ length: 15 }, (_, n) => `Garden Chair ${n + 1}`)]) {
    await app.post('/v1/products', { title, status: 'published' }, { token });
  }
  await app.post('/v1/products', { title: 'Headband', status: 'draft' }, { token });
}); // prettier-ignore

afterAll(() => app.close());

async function suggest(q: string): Promise<string[]> {
  const { status, body } = await app.get(`/v1/products/suggest?q=${encodeURIComponent(q)}`);
  expect(status).toBe(200);
  return body.items.map(({ title }: { title: string }) => title);
}

describe('GET /v1/products/suggest', () => {
  it('answers with titles and slugs', async () => {
    const { headers, text } = await app.get('/v1/products/suggest?q=headl');

    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(text).toBe('{"items":[{"title":"Headlamp","slug":"headlamp"}],"nextCursor":null}');
  });

  it.each([
    ['headph', ['Headphones for Kids', 'Wireless Headphones']],
    ['HEADPH', ['Headphones for Kids', 'Wireless Headphones']],
    ['headphones', ['Headphones for Kids', 'Wireless Headphones']],
    ['headfo', ['Wireless Headphones', 'Headphones for Kids', 'Headlamp']],
    ['haedphones', ['Wireless Headphones', 'Headphones for Kids']],
    ['headfones', ['Wireless Headphones', 'Headphones for Kids']],
    ['wireless hea', ['Wireless Headphones']],
    ['wirless hea', ['Wireless Headphones']],
    ['cafe', ['Café Table']],
    ['café t', ['Café Table']],
    ['tabel', ['Café Table']],
    ['wifi', ['Wi-Fi Router']],
    ['науш', ['Наушники']],
    ['öl', ['Öl™  für Bärte', 'Aal Öl']],
    ['OL fur ba', ['Öl™  für Bärte']],
    ['öl™ für  b', ['Öl™  für Bärte']],
    ['\u0301', []],
    ['™', []],
    ['twin', ['Twin']],
    ['zzzzzz', []],
    ['  ', []],
    ['%', []],
    ['_eadlamp', ['Headlamp']],
  ])('for "%s" suggests the right titles', async (q, expected) => {
    expect((await suggest(q)).toSorted()).toEqual(expected.toSorted());
  });

  it('puts titles that begin with it first', async () => {
    expect((await suggest('headphones')).at(0)).toBe('Headphones for Kids');
    expect((await suggest('h')).slice(0, 2)).toEqual(['Headlamp', 'Headphones for Kids']);
    expect(await suggest('ol')).toEqual(['Öl™  für Bärte', 'Aal Öl']);
  });

  it('suggests ten titles at most', async () => {
    expect(await suggest('garden chair')).toHaveLength(10);
    expect(await suggest('chair')).toHaveLength(10);
  });

  it('suggests nothing that is not published', async () => {
    expect(await suggest('headband')).not.toContain('Headband');
    expect(await suggest('headba')).not.toContain('Headband');
  });

  it.each(['', 'q=', 'q=a&q=b', 'q=%00', `q=${'x'.repeat(201)}`, `q=${'x'.repeat(10_000)}`, 'q=a&limit=5'])(
    'refuses ?%s with 422',
    async (query) => {
      const { status, body } = await app.get(`/v1/products/suggest?${query}`);

      expect({ status, code: body.code }).toEqual({ status: 422, code: 'validation-failed' });
    },
  );
});
