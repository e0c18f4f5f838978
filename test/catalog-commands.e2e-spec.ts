import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CommandResult, runCommand } from './support/command.js';
import { AppProcess, killProcesses } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

afterAll(killProcesses);

const lines = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `${JSON.stringify({ slug: `p-${String(index).padStart(4, '0')}`, title: `P ${index}`, status: 'draft', variants: [{ sku: `P-${index}`, price: { amount: index, currency: 'EUR' }, stock: 1 }] })}\n`,
  );

describe('catalog:import and catalog:export', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'latchkey-transfer-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const run = (name: string, ...words: string[]): Promise<CommandResult> =>
    runCommand(name, database.environment, { words });

  it('bring a file in and out again', async () => {
    const [file, ndjson, csv] = ['in.ndjson', 'out.ndjson', 'out.csv'].map((name) => join(folder, name));
    writeFileSync(String(file), lines(700).join(''));

    const imported = await run('catalog-import', String(file));
    const exported = await run('catalog-export', String(ndjson));
    const asCsv = await run('catalog-export', String(csv));
    const again = await run('catalog-import', String(csv));

    expect(imported).toMatchObject({
      code: 0,
      output: '700 products read: 700 created, 0 updated, 0 failed.\n',
    });
    expect(imported.errors).toMatch(
      /Reading {2}: \d+ of \d+ bytes.*\nImporting: 700 of 700 products, \d+\/s, 0 errors\n$/,
    );
    expect(exported).toMatchObject({ code: 0, output: `700 products written to ${ndjson}.\n` });
    expect(readFileSync(String(ndjson), 'utf8')).toBe(lines(700).join(''));
    expect([asCsv.code, again.code, again.output]).toEqual([0, 0, '700 products read: 0 created, 700 updated, 0 failed.\n']); // prettier-ignore
  });

  it('end with 1 and say why when a line fails', async () => {
    const file = join(folder, 'bad.jsonl');
    writeFileSync(file, '{"title":"Good","variants":[]}\n{"title":"Bad"}\n');

    const { code, output, errors } = await run('catalog-import', file);

    expect(code).toBe(1);
    expect(output).toBe('2 products read: 1 created, 0 updated, 1 failed.\n');
    expect(errors).toContain('line 2: /variants must be a list, which may be empty\n');
  });

  it.each([
    [[], 'Usage: npm run catalog:import -- FILE'],
    [['a.csv', 'b.csv'], 'Usage: npm run catalog:import -- FILE'],
    [['missing.csv'], 'There is no file missing.csv.'],
    [['missing'], 'There is no file missing.'],
    [[resolve('package.json')], '--format ndjson or --format csv.'],
    [[resolve('package.json'), '--format', 'xml'], '--format ndjson or --format csv.'],
    [
      [resolve('package.json'), '--format', 'csv', '--currency', 'euro'],
      '--currency must be a currency code',
    ],
  ])('say what is wrong with the words %j', async (words, sentence) => {
    const { code, errors } = await run('catalog-import', ...words);

    expect(code).toBe(1);
    expect(errors).toContain(sentence);
    expect(errors).not.toContain('    at ');
  });

  it.each([
    ['a folder', 'folder.csv', /^EISDIR: .*folder\.csv'\n$/m],
    ['a file in a folder that is not there', 'missing/out.csv', /^ENOENT: .*out\.csv\.part'\n$/m],
  ])('say in one line that they cannot export to %s, and leave nothing behind', async (_, name, sentence) => {
    mkdirSync(join(folder, 'folder.csv'), { recursive: true });

    const { code, errors } = await run('catalog-export', join(folder, name));

    expect(code).toBe(1);
    expect(errors).toMatch(sentence);
    expect(errors).not.toContain('    at ');
    expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
  });
});

describe('catalog:import of a new development installation', () => {
  it('makes the catalog of the file, without any sample, which the server then leaves as it is', async () => {
    const database = await createTestDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-transfer-'));
    const [file, copy] = [join(folder, 'in.ndjson'), join(folder, 'out.ndjson')];
    const environment = { ...database.environment, NODE_ENV: 'development' };
    writeFileSync(file, lines(3).join(''));
    const exported = async () => {
      const { output } = await runCommand('catalog-export', environment, { words: [copy] });
      return [output, readFileSync(copy, 'utf8').slice(0, 1000)];
    };

    await runCommand('catalog-import', environment, { words: [file] });
    const before = await exported();
    const server = new AppProcess({ ...environment, LOG_LEVEL: 'error' });
    await server.listening();
    await server.stop();
    const after = await exported();

    rmSync(folder, { recursive: true });
    await database.drop();
    expect(before).toEqual([`3 products written to ${copy}.\n`, lines(3).join('')]);
    expect(after).toEqual(before);
    expect(server.output).toMatch(/^admin@latchkey.example \/ /m);
  });
});
