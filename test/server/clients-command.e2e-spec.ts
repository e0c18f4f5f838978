import { Client } from '../support/client.js';
import { type CommandResult, runCommand } from '../support/command.js';
import { AppProcess, killProcesses, login, register } from '../support/process.js';
import { Service, credentialsIn } from '../support/service.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

describe('npm run clients', () => {
  let database: TestDatabase;
  let made: CommandResult;
  beforeAll(async () => {
    database = await createTestDatabase();
    made = await run('create', '--name', 'Search index', '--claim', 'sid', '--claim', 'roles');
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const run = (...words: string[]): Promise<CommandResult> =>
    runCommand('clients', database.environment, { words });

  it('create prints id and secret once, on standard output alone', () => {
    const { id, secret } = credentialsIn(made.output);

    expect(made.code).toBe(0);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(made.errors).not.toContain(secret);
  });

  it('create writes a line of the audit log, on standard error', () => {
    const lines = made.errors.trim().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ audit: 'key-made' }), // by the first to open the database
      expect.objectContaining({
        audit: 'client-created',
        clientId: credentialsIn(made.output).id,
        ip: 'local',
      }),
    ]);
  });

  it('makes credentials that work, until revoke takes them back', async () => {
    const { id, secret } = credentialsIn(made.output);
    const introspect = async (): Promise<[number, boolean | undefined]> => {
      const app = new AppProcess(database.environment);
      const client: Client = await app.listening();
      await register(client, 'ada@example.com');
      const { body: tokens } = await login(client, 'ada@example.com');
      const { status, body } = await new Service(client, id, secret).introspect(tokens.accessToken);
      await app.stop();
      return [status, body.active];
    };

    const before = await introspect();
    const revoked = await run('revoke', id);
    const after = await introspect();
    const again = await run('revoke', id);

    expect(before).toEqual([200, true]);
    expect([revoked.code, revoked.output]).toEqual([0, expect.stringContaining(id)]);
    expect(revoked.errors).toContain('"audit":"client-revoked"');
    expect(after).toEqual([401, undefined]);
    expect([again.code, again.errors]).toEqual([1, 'There is no living service with this id.\n']);
  });

  it('list shows every service, and nothing of its secret', async () => {
    const { id, secret } = credentialsIn((await run('create', '--name', 'Mailer')).output);

    const { code, output } = await run('list');

    const lines = output.trim().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/(revoked|living) .* claims: roles, sid {2}Search index$/);
    expect(lines[1]).toMatch(new RegExp(`^${id} .* living .* claims: none {2}Mailer$`));
    expect(output).not.toContain(secret);
  });

  it.each<[string, string[], RegExp]>([
    ['no verb', [], /^Usage:/m],
    ['an unknown verb', ['make'], /^Usage:/m],
    ['no name', ['create'], /^Usage:/m],
    ['no id', ['revoke'], /^Usage:/m],
    ['a blank name', ['create', '--name', ' '], /^\/name must be/],
    ['a name of two lines', ['create', '--name', 'a\nb'], /^\/name must be/],
    [
      'a claim that nobody is told',
      ['create', '--name', 'x', '--claim', 'password'],
      /^\/claims may be roles, sid, email/,
    ],
    ['an unknown option', ['create', '--name', 'x', '--secret', 'y'], /^Unknown option '--secret'/],
    ['an id that is none', ['revoke', "' OR 1=1"], /^There is no living service/],
  ])('refuses %s with one clear message', async (_, words, message) => {
    const { code, output, errors } = await run(...words);

    expect([code, output]).toEqual([1, '']);
    expect(errors).toMatch(message);
  });
});
