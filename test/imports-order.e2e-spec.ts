import { ChunkReader } from '../src/catalog/imports/chunk-reader.js';
import { ImportBatches } from '../src/catalog/imports/import-batches.js';
import { ImportStore } from '../src/catalog/imports/import-store.js';
import { ImportWorker } from '../src/catalog/imports/import-worker.js';
import { type TestApp, startTestApp } from './support/app.js';
import { until } from './support/process.js';

let app: TestApp;
let store: ImportStore;
let batches: ImportBatches;

beforeAll(async () => {
  app = await startTestApp();
  store = app.nest.get(ImportStore);
  batches = app.nest.get(ImportBatches);
});

afterAll(() => app.close());

afterEach(() => jest.restoreAllMocks());

/** An import of one product, whose body is still coming. */
async function receive(title: string): Promise<string> {
  const id = await store.open(null, null);
  const text = Buffer.from(JSON.stringify({ title, variants: [] }));
  await store.stage(id, 0, { lines: [1], texts: [text], faults: [] });
  return id;
}

/** Works off the only chunk of an import as a process does that has found it; false where that is refused. */
async function workOff(id: string): Promise<boolean> {
  const chunk = await app.nest.get(ChunkReader).next(id, -1);
  const isApplied = chunk !== null && (await batches.apply(id, chunk));
  if (isApplied) {
    await batches.finish(id);
  }
  return isApplied;
}

/** Keeps the worker of the app away, so that a test can take its part. */
function silenceWorker(): void {
  jest.spyOn(app.nest.get(ImportWorker), 'wake').mockImplementation(() => undefined);
}

async function errorsOf(id: string): Promise<object[]> {
  const found: object[] = [];
  for await (const faults of store.errors(id)) {
    found.push(...faults);
  }
  return found;
}

describe('imports that wait', () => {
  beforeEach(silenceWorker);

  it('are worked off in the order in which their bodies were whole, each when the one before is finished', async () => {
    const [one, two, three] = [await receive('One'), await receive('Two'), await receive('Three')];
    await store.enqueue(two);
    await store.enqueue(three);
    await store.enqueue(one);

    expect([await workOff(one), await workOff(three)]).toEqual([false, false]);
    expect((await store.find(one)).read).toBe(0);
    expect([await workOff(two), await workOff(one)]).toEqual([true, false]);
    expect([await workOff(three), await workOff(one)]).toEqual([true, true]);
  });

  it('keep their order when the clock of another process is behind', async () => {
    const [one, two] = [await receive('Ahead'), await receive('Behind')];
    await store.enqueue(one);
    app.clock.advance({ minutes: -5 });
    await store.enqueue(two);
    app.clock.advance({ minutes: 5 });

    expect([await workOff(two), await workOff(one), await workOff(two)]).toEqual([false, true, true]);
  });

  it('do not wait for one that is still coming, or was discarded', async () => {
    const [coming, broken, whole] = [
      await receive('Coming'),
      await receive('Broken'),
      await receive('Whole'),
    ];
    await store.discard(broken);
    await store.enqueue(whole);

    expect(await workOff(whole)).toBe(true);
    await store.discard(coming);
  });
});

it('an import that fails whenever it is tried is given up, chunk by chunk, and the next one comes', async () => {
  const apply = batches.apply.bind(batches);
  const worker = app.nest.get(ImportWorker);
  const [failing, healthy] = [await receive('Failing'), await receive('Healthy')];
  jest.spyOn(batches, 'apply').mockImplementation(async (id, chunk) => {
    if (id === failing) {
      throw new Error('a fault of ours');
    }
    return apply(id, chunk);
  });
  await store.enqueue(failing);
  await store.enqueue(healthy);

  await until(async () => {
    worker.wake();
    return (await store.find(healthy)).status === 'completed';
  }, 20_000);

  expect(await store.find(failing)).toMatchObject({ status: 'completed', read: 1, created: 0, failed: 1 });
  expect(await errorsOf(failing)).toEqual([{ line: 1, reason: 'It cannot be stored as it is.' }]);
  expect(await store.find(healthy)).toMatchObject({ read: 1, created: 1, failed: 0 });
});

it('an import waits for a database that is away, however often it is tried', async () => {
  const apply = batches.apply.bind(batches);
  const worker = app.nest.get(ImportWorker);
  const id = await receive('Patient');
  let tries = 0;
  jest.spyOn(batches, 'apply').mockImplementation(async (importId, chunk) => {
    tries++;
    if (tries <= 20) {
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    }
    return apply(importId, chunk);
  });
  await store.enqueue(id);

  await until(async () => {
    worker.wake();
    return (await store.find(id)).status === 'completed';
  }, 20_000);

  expect(await store.find(id)).toMatchObject({ read: 1, created: 1, failed: 0 });
});
