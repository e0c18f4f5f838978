import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './support/command.js';
import { AppProcess, killProcesses, login, register } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

describe('the data folder of the embedded database', () => {
  let database: TestDatabase;
  let folder: string;
  let lock: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = database.environment['DATA_DIR'] ?? '';
    lock = join(folder, 'process.lock');
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  it('belongs to one process: a second one says which, and ends', async () => {
    const first = new AppProcess({ DATA_DIR: folder });
    const client = await first.listening();

    const second = new AppProcess({ DATA_DIR: folder });
    const exitCode = await second.ended;
    const answer = await client.get('/health/ready');

    expect(exitCode).toBe(1);
    expect(second.errors).toBe(
      `The data folder ${folder} is in use by process ${first.id}. The embedded database serves one process: ` +
        'stop that one, set another DATA_DIR, or set DATABASE_URL to share a PostgreSQL server.\n',
    );
    expect(answer.status).toBe(200);
    await first.stop();
  });

  it('is opened without freeing WebAssembly code while it runs, over which V8 ends the process now and then', async () => {
    const empty = mkdtempSync(join(process.env['TEST_FOLDER'] ?? '', 'new-'));

    const { code, output } = await runCommand(
      'migrate',
      { DATA_DIR: empty },
      { nodeOptions: ['--trace-wasm-code-gc'] },
    );

    expect(code).toBe(0);
    expect(output).not.toContain('[wasm-gc]');
  });

  it.each(['catalog-check', 'admin', 'seed'])(
    'belongs to one process: the command %s says so in one sentence, and ends',
    async (command) => {
      const first = new AppProcess({ DATA_DIR: folder });
      await first.listening();

      const words = command === 'admin' ? ['create', '--email', 'one@example.com'] : [];
      const input = 'a tall ship and a star\n';
      const { code, errors } = await runCommand(command, { DATA_DIR: folder }, { words, input });
      await first.stop();

      expect(code).toBe(1);
      expect(errors).toBe(
        `The data folder ${folder} is in use by process ${first.id}. The embedded database serves one process: ` +
          'stop that one, set another DATA_DIR, or set DATABASE_URL to share a PostgreSQL server.\n',
      );
    },
  );

  it('is free again when its process has stopped', async () => {
    const stopped = new AppProcess({ DATA_DIR: folder });
    await stopped.listening();
    const lockWhileRunning = existsSync(lock);

    await stopped.stop();

    expect(lockWhileRunning).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken over, with all that is in it, from a process that was killed', async () => {
    const killed = new AppProcess({ DATA_DIR: folder });
    await register(await killed.listening(), 'kept@example.com');
    await killed.kill();

    const next = new AppProcess({ DATA_DIR: folder });
    const answer = await login(await next.listening(), 'kept@example.com');

    expect(answer.status).toBe(200);
    await next.stop();
  });

  it('is taken over when the process id in the lock belongs to somebody else by now', async () => {
    writeFileSync(lock, `${process.pid} 1`);

    const next = new AppProcess({ DATA_DIR: folder });
    const client = await next.listening();
    const answer = await client.get('/health/ready');

    expect(answer.status).toBe(200);
    await next.stop();
  });

  it('is given to exactly one of eight processes that find a stale lock at once', async () => {
    for (let round = 0; round < 2; round++) {
      const outcomes = await contend(8);

      expect(outcomes.toSorted()).toEqual(['mine', ...Array.from({ length: 7 }, () => 'taken')]);
    }
  });
});

const CONTENDER = `
  const { lockDataFolder } = await import(process.argv[1]);
  process.stdout.write('ready');
  process.stdin.once('data', (moment) => {
    while (Date.now() < Number(moment)); // all at the same instant, however late each was woken
    try {
      lockDataFolder(process.argv[2]);
      process.stdout.write('mine');
    } catch (error) {
      process.stdout.write(error.name === 'DataFolderInUseError' ? 'taken' : error.stack);
    }
  });`;

/** Lets many processes ask for one folder at the same moment; whoever gets it keeps it until all have their answer. */
async function contend(count: number): Promise<string[]> {
  const folder = mkdtempSync(join(process.env['TEST_FOLDER'] ?? '', 'lock-'));
  writeFileSync(join(folder, 'process.lock'), `${process.pid} 1`);
  const module = pathToFileURL(resolve('dist/database/embedded/data-folder-lock.js')).href;
  const contenders = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', CONTENDER, module, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(contenders.map(({ stdout }) => once(stdout, 'data')));
  const answers = contenders.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]));
  const moment = String(Date.now() + 30);
  contenders.forEach(({ stdin }) => stdin.write(moment));
  const outcomes = await Promise.all(answers);
  await Promise.all(
    contenders.map((contender) => {
      contender.stdin.end();
      return once(contender, 'close');
    }),
  );
  return outcomes;
}
