import { randomUUID } from 'node:crypto';
import type { Answer, Client } from '../support/client.js';
import { PrivatePostgres } from '../support/private-postgres.js';
import { AppProcess, PASSWORD, killProcesses, login, until } from '../support/process.js';
import { SilenceableProxy } from '../support/silenceable-proxy.js';
import { runSql } from '../support/test-database.js';

const PATIENCE_MS = 30_000;
const MAX_LAG_S = 3;

describe('with a streaming replica', () => {
  let primary: PrivatePostgres;
  let standby: PrivatePostgres;
  /** Between the strict process and the standby. */
  let line: SilenceableProxy;
  /** A process that lets its replica be an hour old, and one that is strict. */
  let patientProcess: AppProcess;
  let strictProcess: AppProcess;
  let patient: Client;
  let strict: Client;
  let editor: string;
  let customer: string;
  beforeAll(async () => {
    primary = await PrivatePostgres.start();
    standby = await primary.startStandby();
    line = await SilenceableProxy.start(standby.url);
    const environment = { ...primary.environment, LOG_LEVEL: 'info' };
    patientProcess = new AppProcess({
      ...environment,
      DATABASE_REPLICA_URLS: standby.url,
      REPLICA_MAX_LAG: '1h',
    });
    patient = await patientProcess.listening();
    strictProcess = new AppProcess({
      ...environment,
      DATABASE_REPLICA_URLS: line.url,
      REPLICA_MAX_LAG: `${MAX_LAG_S}`,
    });
    strict = await strictProcess.listening();
    [editor, customer] = await Promise.all([signIn('editor'), signIn('customer')]);
    await Promise.all([isAsked(patient), isAsked(strict)]);
  });
  afterAll(async () => {
    await killProcesses();
    await line?.close();
    await standby?.drop();
    await primary?.drop();
  });

  const signIn = async (role: string): Promise<string> => {
    const email = `${role}-${randomUUID()}@example.com`;
    await patient.post('/v1/auth/register', { email, password: PASSWORD });
    await runSql(primary.url, `UPDATE users SET roles = roles || '{${role}}' WHERE email = '${email}'`);
    return (await login(patient, email)).body.accessToken;
  };
  const make = async (title: string, more: object = {}): Promise<{ id: string; slug: string }> => {
    const made = await patient.post(
      '/v1/products',
      { title, status: 'published', ...more },
      { token: editor },
    );
    await hasReplayed();
    return made.body;
  };
  const rename = async (id: string, title: string): Promise<Answer> =>
    patient.patch(`/v1/products/${id}`, { title }, { token: editor, headers: { 'if-match': '*' } });
  const titleFor = async (client: Client, id: string, token?: string): Promise<string> =>
    (await client.get(`/v1/products/${id}`, { token })).body.title;
  const replicasOf = async (client: Client): Promise<[number, string]> => {
    const { status, body } = await client.get('/health/ready');
    return [status, body.checks.replicas];
  };
  const isAsked = async (client: Client): Promise<number> =>
    until(async () => (await replicasOf(client))[1] === 'ok', PATIENCE_MS);
  const isNotAsked = async (client: Client): Promise<number> =>
    until(async () => (await replicasOf(client))[1] === 'degraded', PATIENCE_MS);
  const onStandby = async (sql: string): Promise<any> => (await runSql(standby.url, sql))[0];
  const pauseReplay = async (): Promise<unknown> => onStandby('SELECT pg_wal_replay_pause()');
  const resumeReplay = async (): Promise<unknown> => onStandby('SELECT pg_wal_replay_resume()');
  const hasReplayed = async (): Promise<void> => {
    const [row] = (await runSql(primary.url, 'SELECT pg_current_wal_flush_lsn() AS lsn')) as {
      lsn: string;
    }[];
    const sql = `SELECT pg_last_wal_replay_lsn() >= '${row?.lsn}' AS "isThere"`;
    await until(async () => (await onStandby(sql)).isThere, PATIENCE_MS);
  };
  /** What a process has said about its replica since. */
  const saidBy = (process: AppProcess, since: number): string[] =>
    process.output
      .slice(since)
      .split('\n')
      .filter((said) => said.includes('"context":"Replica"'))
      .map((said) => JSON.parse(said).msg);
  const NOT_ASKED = expect.stringMatching(/^A replica is not asked any more: /);
  const ASKED_AGAIN = 'A replica is asked again';

  /** Eight guests read without a pause while something happens; how many answers there were of each status. */
  const readDuring = async (
    client: Client,
    paths: readonly string[],
    happening: (everybodyReads: () => Promise<unknown>) => Promise<void>,
  ) => {
    const counts: Record<number, number> = {};
    const over = new AbortController();
    const readsOfEach = Array<number>(8).fill(0);
    const everybodyReads = async (): Promise<unknown> => {
      const before = [...readsOfEach];
      return until(() => readsOfEach.every((reads, guest) => reads > (before[guest] ?? 0) + 10), PATIENCE_MS);
    };
    const guests = readsOfEach.map(async (_, guest) => {
      for (let turn = guest; !over.signal.aborted; turn++) {
        const { status } = await client.get(paths[turn % paths.length] ?? '');
        counts[status] = (counts[status] ?? 0) + 1;
        readsOfEach[guest] = (readsOfEach[guest] ?? 0) + 1;
      }
    });
    await happening(everybodyReads);
    over.abort();
    await Promise.all(guests);
    return counts;
  };

  it('answers guests and customers from it, and editors and every write from the primary', async () => {
    const category = (await patient.post('/v1/categories', { name: 'Lamps' }, { token: editor })).body;
    const lamp = await make('Oldish lamp', { categories: [category.id] });
    const reads: readonly [string, (answer: Answer) => unknown][] = [
      [`/v1/products/${lamp.id}`, ({ body }) => body.title],
      ['/v1/products', ({ body }) => body.items[0].title],
      ['/v1/products?q=lamp&facets=true&count=true', ({ body }) => body.items[0].title],
      ['/v1/products/suggest?q=lamp', ({ body }) => body.items[0].title],
      ['/v1/categories/lamps', ({ body }) => body.name],
      ['/v1/categories', ({ body }) => body.items[0].name],
    ];
    const seenBy = async (token?: string) =>
      Promise.all(reads.map(async ([path, look]) => look(await patient.get(path, { token }))));
    const tagFor = async (method: string, token?: string) =>
      (await patient.send(method, `/v1/products/${lamp.id}`, { token })).headers.get('etag');

    await pauseReplay();
    const renamed = [
      await rename(lamp.id, 'Newish lamp'),
      await patient.patch(`/v1/categories/${category.id}`, { name: 'Lights' }, { token: editor }),
    ];
    const meanwhile = {
      guest: await seenBy(),
      customer: (await seenBy(customer)).slice(0, 3),
      editor: await seenBy(editor),
      guestTags: [await tagFor('GET'), await tagFor('HEAD')],
      editorTags: [await tagFor('GET', editor), await tagFor('HEAD', editor)],
    };
    await resumeReplay();
    await hasReplayed();

    expect(renamed.map(({ status }) => status)).toEqual([200, 200]);
    const titles = (title: string, name: string) => [title, title, title, title, name, name];
    expect(meanwhile).toEqual({
      guest: titles('Oldish lamp', 'Lamps'),
      customer: ['Oldish lamp', 'Oldish lamp', 'Oldish lamp'],
      editor: titles('Newish lamp', 'Lights'),
      guestTags: [expect.stringMatching(/^"1\./), meanwhile.guestTags[0]],
      editorTags: [expect.stringMatching(/^"3\./), meanwhile.editorTags[0]],
    });
    expect(await seenBy()).toEqual(titles('Newish lamp', 'Lights'));
  });

  it('says 304 only for what it would read: each entity tag belongs to one version, wherever it came from', async () => {
    const { id } = await make('Tagged once');
    const [first, second] = [`"1.${id.slice(-12)}"`, `"2.${id.slice(-12)}"`];
    const ask = async (path: string, tag: string, token?: string) => {
      const { status, headers, body } = await patient.get(path, { token, headers: { 'if-none-match': tag } });
      return [status, headers.get('etag'), body?.title ?? body?.items[0].title];
    };
    const tagOfList = async (token?: string) =>
      (await patient.get('/v1/products', { token })).headers.get('etag') ?? '';

    await pauseReplay();
    await rename(id, 'Tagged twice');
    const [old, present] = [await tagOfList(), await tagOfList(editor)];
    const product = [
      await ask(`/v1/products/${id}`, first),
      await ask(`/v1/products/${id}`, second),
      await ask(`/v1/products/${id}`, first, editor),
      await ask(`/v1/products/${id}`, second, editor),
    ];
    const list = [
      await ask('/v1/products', old),
      await ask('/v1/products', present),
      await ask('/v1/products', old, editor),
      await ask('/v1/products', present, editor),
    ];
    await resumeReplay();

    expect(product).toEqual([
      [304, first, undefined],
      [200, first, 'Tagged once'],
      [200, second, 'Tagged twice'],
      [304, second, undefined],
    ]);
    expect(old).not.toBe(present);
    expect(list).toEqual([
      [304, old, undefined],
      [200, old, 'Tagged once'],
      [200, present, 'Tagged twice'],
      [304, present, undefined],
    ]);
  });

  it('goes on asking it while the primary has nothing to write', async () => {
    const since = strictProcess.output.length;
    await runSql(primary.url, 'CHECKPOINT');
    await hasReplayed();
    const { moment } = await onStandby('SELECT clock_timestamp()::text AS moment');
    const sql = `SELECT bool_or(query_start > timestamptz '${moment}' + interval '${2 * MAX_LAG_S} seconds') AS "isLater"
      FROM pg_stat_activity WHERE application_name = 'latchkey replica checks'`;

    await until(async () => (await onStandby(sql)).isLater, PATIENCE_MS);

    expect(await replicasOf(strict)).toEqual([200, 'ok']);
    expect(saidBy(strictProcess, since)).toEqual([]);
  });

  it('asks the primary once it is further behind than REPLICA_MAX_LAG, says so, and goes back to it', async () => {
    const since = strictProcess.output.length;
    const { id } = await make('Before the pause');

    await pauseReplay();
    await rename(id, 'During the pause');
    const atFirst = await titleFor(strict, id);
    const tookMs = await until(async () => (await titleFor(strict, id)) !== 'Before the pause', PATIENCE_MS);
    await until(() => saidBy(strictProcess, since).length > 0, PATIENCE_MS);
    const ready = await replicasOf(strict);
    const ofThePatient = [await titleFor(patient, id), await replicasOf(patient)];
    await resumeReplay();
    await isAsked(strict);
    await pauseReplay();
    await rename(id, 'During the next pause');
    const again = await titleFor(strict, id);
    await resumeReplay();
    await hasReplayed();

    expect(atFirst).toBe('Before the pause');
    expect(tookMs).toBeLessThan(MAX_LAG_S * 1000);
    expect(ready).toEqual([200, 'degraded']);
    expect(ofThePatient).toEqual(['Before the pause', [200, 'ok']]);
    expect(again).toBe('During the pause');
    expect(saidBy(strictProcess, since)).toEqual([NOT_ASKED, ASKED_AGAIN]);
  });

  describe('whose searches take long', () => {
    const isSearching = async (): Promise<number> =>
      until(
        async () =>
          (
            await onStandby(
              `SELECT count(*)::int AS running FROM pg_stat_activity WHERE application_name = 'latchkey reads'
               AND state = 'active' AND query LIKE '%words_of%'`,
            )
          ).running > 0,
        PATIENCE_MS,
      );
    let definition: string;
    beforeAll(async () => {
      const [found] = (await runSql(
        primary.url,
        `SELECT pg_get_functiondef('words_of'::regproc) AS definition`,
      )) as { definition: string }[];
      definition = found?.definition ?? '';
      await make('Slowly found');
      await runSql(
        primary.url,
        `${definition.replace('words_of', 'quick_words_of')};
        CREATE OR REPLACE FUNCTION words_of(source text) RETURNS text LANGUAGE plpgsql STABLE STRICT AS $$
          BEGIN
            PERFORM CASE WHEN pg_is_in_recovery() THEN pg_sleep(60) END;
            RETURN quick_words_of(source);
          END $$`,
      );
      await hasReplayed();
    });
    afterAll(async () => {
      await runSql(primary.url, definition);
      await hasReplayed();
    });

    it('asks the primary again what recovery has cancelled', async () => {
      const conflicts = `SELECT confl_lock::int AS conflicts FROM pg_stat_database_conflicts WHERE datname = 'postgres'`;
      const before = (await onStandby(conflicts)).conflicts;

      const search = patient.get('/v1/products?q=slowly');
      await isSearching();
      await runSql(primary.url, 'BEGIN; LOCK TABLE product_documents IN ACCESS EXCLUSIVE MODE; COMMIT');
      const { status, body } = await search;

      expect([status, body.items[0].title]).toEqual([200, 'Slowly found']);
      expect((await onStandby(conflicts)).conflicts).toBeGreaterThan(before);
      expect(await replicasOf(patient)).toEqual([200, 'ok']);
    });

    it('asks the primary again what it was asked when it was killed', async () => {
      const search = patient.get('/v1/products?q=slowly');
      await isSearching();
      standby.kill();
      const { status, body } = await search;
      await standby.start();
      await isAsked(patient);
      await isAsked(strict);

      expect([status, body.items[0].title]).toEqual([200, 'Slowly found']);
    });
  });

  it.each([
    ['is killed', () => standby.kill(), () => standby.start()],
    ['is stopped', () => standby.stop(), () => standby.start()],
    ['falls silent', () => line.silenceAll(), () => line.endSilence()],
  ])('fails no request when it %s under load, and asks it again when it is back', async (_, end, start) => {
    const { id } = await make('Much read');
    const paths = [`/v1/products/${id}`, '/v1/products', '/v1/products?q=read&facets=true', '/v1/categories'];
    const since = strictProcess.output.length;
    const readsOnStandby = `SELECT count(*)::int AS reads FROM pg_stat_activity
      WHERE application_name = 'latchkey reads' AND query_start > clock_timestamp() - interval '1 second'`;

    let ready: unknown;
    const counts = await readDuring(strict, paths, async (everybodyReads) => {
      await everybodyReads();
      await end();
      await isNotAsked(strict);
      ready = await replicasOf(strict);
      await everybodyReads();
      await start();
      await isAsked(strict);
      await until(async () => (await onStandby(readsOnStandby)).reads > 0, PATIENCE_MS);
      await everybodyReads();
    });

    expect(Object.keys(counts)).toEqual(['200']);
    expect(ready).toEqual([200, 'degraded']);
    expect(saidBy(strictProcess, since)).toEqual([NOT_ASKED, ASKED_AGAIN]);
  });

  it('is asked in place of another that is away', async () => {
    const both = new AppProcess({
      ...primary.environment,
      DATABASE_REPLICA_URLS: `${line.url}, ${standby.url}`,
      REPLICA_MAX_LAG: '1h',
    });
    const client = await both.listening();
    const { id } = await make('Twice copied');
    await isAsked(client);

    line.silenceAll();
    await until(() => saidBy(both, 0).length > 0, PATIENCE_MS);
    const ready = await replicasOf(client);
    await pauseReplay();
    await rename(id, 'Copied no more');
    const titles = [];
    for (let guest = 0; guest < 4; guest++) {
      titles.push(await titleFor(client, id));
    }
    await resumeReplay();
    line.endSilence();
    await isAsked(client);
    await both.stop();

    expect(ready).toEqual([200, 'degraded']);
    expect(titles).toEqual(Array(4).fill('Twice copied'));
    expect(saidBy(both, 0)).toEqual([NOT_ASKED, ASKED_AGAIN]);
  });

  it('starts while it is away, and asks it when it comes', async () => {
    await standby.stop();
    const late = new AppProcess({ ...primary.environment, DATABASE_REPLICA_URLS: standby.url });
    const client = await late.listening();
    const atFirst = [await replicasOf(client), (await client.get('/v1/products')).status];
    await standby.start();
    await isAsked(client);
    await late.stop();

    expect(atFirst).toEqual([[200, 'degraded'], 200]);
    expect(saidBy(late, 0)).toEqual([NOT_ASKED, ASKED_AGAIN]);
  });

  it('never asks what is a standby of another database', async () => {
    const other = new AppProcess({
      ...primary.environment,
      DATABASE_REPLICA_URLS: standby.url.replace(/postgres$/, 'template1'),
    });
    const client = await other.listening();
    const { status } = await client.get('/v1/products');
    await other.stop();

    expect(status).toBe(200);
    expect(saidBy(other, 0)).toEqual([expect.stringContaining('another database')]);
  });

  it('answers guests while the primary is away, until what it knows is older than the bound', async () => {
    const { id } = await make('Read in spite of it');
    await Promise.all([isAsked(strict), isAsked(patient)]);
    const statusFor = async (client: Client) => (await client.get(`/v1/products/${id}`)).status;

    await primary.stop();
    const atFirst = [await statusFor(strict), await statusFor(patient)];
    await until(async () => (await statusFor(strict)) !== 200, PATIENCE_MS);
    const later = [await statusFor(strict), await statusFor(patient)];
    await primary.start();
    await Promise.all([isAsked(strict), isAsked(patient)]);

    expect(atFirst).toEqual([200, 200]);
    expect(later).toEqual([503, 200]);
    expect(await statusFor(strict)).toBe(200);
  });

  it('asks a server no more that has been promoted and takes writes of its own', async () => {
    const { id } = await make('As the primary has it');
    await until(async () => (await replicasOf(strict))[1] === 'ok', PATIENCE_MS);

    await onStandby('SELECT pg_promote()');
    await Promise.all([isNotAsked(strict), isNotAsked(patient)]);
    await onStandby(`UPDATE product_documents SET head = replace(head, 'As the primary has it', 'Astray')`);
    const astray = await onStandby(
      `SELECT head || tail AS body FROM product_documents WHERE product_id = '${id}'`,
    );

    expect(astray.body).toContain('Astray');
    expect([await titleFor(strict, id), await titleFor(patient, id)]).toEqual([
      'As the primary has it',
      'As the primary has it',
    ]);
    expect(await replicasOf(strict)).toEqual([200, 'degraded']);
    expect(saidBy(strictProcess, 0).at(-1)).toContain('takes writes of its own');
  });
});
