import { parse } from 'csv-parse/sync';
import { type TestApp, startTestApp } from '../support/app.js';
import { importer } from '../support/importer.js';

describe('imports and exports', () => {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startTestApp({ IMPORT_MAX_SIZE: '48' });
    token = await app.signIn('editor');
  });
  afterAll(() => app.close());

  it('API4:2023: takes an import far over 1 MiB, up to a limit of its own', async () => {
    const wrong = `{"title":"${'x'.repeat(1000)}"}\n`.repeat(16_000);

    const { result } = await importer(app, token).send(wrong);
    const tooMuch = await importer(app, token).post(wrong.repeat(4));

    expect(result).toMatchObject({ status: 'completed', read: 16_000, failed: 16_000 });
    expect(tooMuch.status).toBe(413);
  }, 60_000);

  it('API4:2023: takes a body of any length on no other route', async () => {
    const headers = { 'content-type': 'text/csv' };

    const answers = await Promise.all([
      app.post('/v1/products', 'x', { token, headers }),
      app.post('/v1/auth/login', 'x', { headers }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([415, 415]);
  });

  it('ASVS 1.2.10: exports no cell that a spreadsheet runs as a formula', async () => {
    const titles = ['=cmd|calc', '+1', '-1', '@SUM(1)', '＝1'];
    const descriptions = ['\t=1', '\r=1', '\n=1'];
    const { created } = await importer(app, token).run([
      ...titles.map((title) => ({ title, variants: [] })),
      ...descriptions.map((description, at) => ({ title: `Text ${at}`, description, variants: [] })),
    ]);

    const { text } = await app.get('/v1/catalog/export', { token, headers: { accept: 'text/csv' } });
    const rows: string[][] = parse(text, { bom: true });
    const cells = rows.flat();

    expect(created).toBe(8);
    expect(cells).toEqual(expect.arrayContaining([...titles, ...descriptions].map((cell) => `'${cell}`)));
    expect(cells.filter((cell) => /^[=+\-@＝\t\r\n]/.test(cell))).toEqual([]);
  });
});
