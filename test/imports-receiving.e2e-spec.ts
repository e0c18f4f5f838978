import { PassThrough } from 'node:stream';
import { ImportHousekeeping } from '../src/catalog/imports/import-housekeeping.js';
import { ImportStore } from '../src/catalog/imports/import-store.js';
import { ImportWorker } from '../src/catalog/imports/import-worker.js';
import { ImportReceiver } from '../src/catalog/imports/staging/import-receiver.js';
import { type TestApp, startTestApp } from './support/app.js';
import { until } from './support/process.js';

let app: TestApp;
let store: ImportStore;

beforeAll(async () => {
  app = await startTestApp();
  store = app.nest.get(ImportStore);
});

afterAll(() => app.close());

afterEach(() => jest.restoreAllMocks());

/** Begins to receive an import, of which nothing has come yet. */
async function beginToReceive(): Promise<{ body: PassThrough; received: Promise<string>; id: string }> {
  const body = new PassThrough();
  const incoming = { body, format: 'ndjson', currency: 'EUR', source: null, userId: null } as const;
  const received = app.nest.get(ImportReceiver).receive(incoming);
  received.catch(() => undefined); // not everybody waits for it
  await until(async () => (await receiving()).length === 1, 10_000);
  return { body, received, id: (await receiving())[0]?.id ?? '' };
}

const receiving = (): Promise<{ id: string; touched_at: Date }[]> =>
  app.database.query(`SELECT id, touched_at FROM imports WHERE status = 'receiving'`);

describe('a body that comes slowly', () => {
  it('is not taken for abandoned while it comes, however long it takes to fill a chunk', async () => {
    const { body, received, id } = await beginToReceive();

    for (const piece of ['{"title":', '"Slow",', '"variants":']) {
      app.clock.advance({ minutes: 50 });
      const now = app.clock.now();
      body.write(piece);
      await until(async () => new Date((await receiving())[0]?.touched_at ?? 0).getTime() >= now, 10_000);
      await app.nest.get(ImportHousekeeping).clean();
    }
    body.end('[]}');

    expect(await received).toBe(id);
    await until(async () => (await store.find(id)).status === 'completed', 10_000);
    expect(await store.find(id)).toMatchObject({ read: 1, created: 1 });
  });

  it('is told when it has been given up meanwhile', async () => {
    const { body, received, id } = await beginToReceive();
    app.clock.advance({ minutes: 61 });
    await app.nest.get(ImportHousekeeping).clean();

    body.end();

    await expect(received).rejects.toMatchObject({ code: 'unavailable' });
    expect((await store.find(id)).status).toBe('discarded');
  });

  it('is told so already while it comes', async () => {
    const { body, received } = await beginToReceive();
    app.clock.advance({ minutes: 61 });
    await app.nest.get(ImportHousekeeping).clean();

    body.write(' ');

    await expect(received).rejects.toMatchObject({ code: 'unavailable' });
  });
});

it('what is to be worked off is not discarded any more', async () => {
  jest.spyOn(app.nest.get(ImportWorker), 'wake').mockImplementation(() => undefined);
  const id = await store.open(null, null);
  await store.stage(id, 0, { lines: [1], texts: [Buffer.from('{}')], faults: [] });
  await store.enqueue(id);

  await store.discard(id);

  expect((await store.find(id)).status).toBe('queued');
  expect(await app.database.query('SELECT number FROM import_chunks WHERE import_id = $1', [id])).toEqual([
    { number: 0 },
  ]);
});
