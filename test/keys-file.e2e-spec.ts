import { type JsonWebKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { KeyAdministrationService } from '../src/auth/tokens/keys/key-administration.service.js';
import { KeyRing } from '../src/auth/tokens/keys/key-ring.js';
import { LOCAL_COMMAND } from '../src/http/caller.decorator.js';
import { errorsIn } from './security/support/log-lines.js';
import { type TestApp, startTestApp } from './support/app.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

const makeJwk = (kid: string, alg: 'ES256' | 'EdDSA'): JsonWebKey => {
  const { privateKey } =
    alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid, alg };
};

const withoutPrivatePart = (jwk: JsonWebKey): JsonWebKey => ({ ...jwk, d: undefined });

describe('signing keys that are brought in with a file', () => {
  const mine = makeJwk('mine-2026-11', 'EdDSA');
  const other = makeJwk('mine-2026-12', 'ES256');
  let folder: string;
  let file: string;
  let database: TestDatabase;
  let app: TestApp;
  beforeEach(async () => {
    folder = mkdtempSync(join(process.env['TEST_FOLDER'] ?? '', 'keys-'));
    file = join(folder, 'keys.json');
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const write = (...keys: JsonWebKey[]): void => writeFileSync(file, JSON.stringify({ keys }));
  const start = async (): Promise<void> => {
    app = await startTestApp({ SIGNING_KEYS_FILE: file }, database);
  };
  /** What the process does every few seconds by itself. */
  const look = (): Promise<void> => app.nest.get(KeyRing).reload();

  async function freshToken(): Promise<string> {
    await app.signIn('admin');
    return (await app.login('admin@example.com')).accessToken;
  }

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;

  const publishedKids = async (): Promise<string[]> =>
    (await app.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid);

  it('sign with the first one, and publish the others', async () => {
    write(mine, other, withoutPrivatePart(makeJwk('old', 'ES256')));
    await start();

    const token = await freshToken();
    const { body } = await app.get('/v1/keys', { token });
    const jwks = await app.get('/.well-known/jwks.json');

    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: 'mine-2026-11' });
    expect(await statusOf(token)).toBe(200);
    expect(jwks.body.keys.map(({ kid }: JsonWebKey) => kid)).toEqual(['mine-2026-11', 'mine-2026-12', 'old']);
    expect(jwks.text).not.toContain('"d"');
    expect(body.items.map(({ kid, state }: Record<string, unknown>) => [kid, state])).toEqual([
      ['mine-2026-11', 'current'],
      ['mine-2026-12', 'next'],
      ['old', 'previous'],
    ]);
    expect(body.items[0]).toMatchObject({ createdAt: null, signsFrom: null, verifiesUntil: null });
  });

  it('take each other’s place when the file changes, and refuse the tokens of one that is gone', async () => {
    write(mine, other);
    await start();
    const first = await freshToken();

    write(other, withoutPrivatePart(mine));
    await look();
    const second = await freshToken();
    const asPrevious = await statusOf(first);
    write(other);
    await look();

    expect(decodeProtectedHeader(second).kid).toBe('mine-2026-12');
    expect(asPrevious).toBe(200);
    expect(await statusOf(first)).toBe(401);
    expect(await statusOf(second)).toBe(200);
  });

  it('refuse the tokens of a key that another one has taken the kid of', async () => {
    write(mine);
    await start();
    const token = await freshToken();
    const before = await statusOf(token);

    write(makeJwk('mine-2026-11', 'EdDSA'));
    await look();

    expect(before).toBe(200);
    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(await freshToken())).toBe(200);
  });

  it('stay as they were when the file is broken or gone, which is logged once', async () => {
    write(mine);
    await start();
    const token = await freshToken();

    writeFileSync(file, '{"keys": [');
    await look();
    await look();
    const afterBroken = await statusOf(token);
    const complaints = errorsIn(app.log).length;
    rmSync(file);
    await look();
    const afterGone = await statusOf(token);
    write(other, mine);
    await look();

    expect([afterBroken, afterGone]).toEqual([200, 200]);
    expect(complaints).toBe(1);
    expect(errorsIn(app.log)).toHaveLength(2);
    expect(decodeProtectedHeader(await freshToken()).kid).toBe('mine-2026-12');
  });

  it('are not rotated by call or schedule, nor retired', async () => {
    write(mine);
    await start();
    const token = await freshToken();
    const keys = app.nest.get(KeyAdministrationService);

    const rotated = await app.post('/v1/keys/rotate', undefined, { token });
    app.clock.advance({ days: 31 });
    await keys.rotateWhenDue();
    const retired = keys.retire('mine-2026-11', { caller: LOCAL_COMMAND });

    expect([rotated.status, rotated.body.code]).toEqual([409, 'conflict']);
    expect(rotated.body.detail).toContain('SIGNING_KEYS_FILE');
    await expect(retired).rejects.toThrow('take it out of that file');
    expect(await publishedKids()).toEqual(['mine-2026-11']);
  });

  it('let the key of the database verify until its tokens have expired, and take over from the file again', async () => {
    app = await startTestApp({}, database);
    const before = await freshToken();
    await app.close();
    write(mine);
    await start();

    const during = await statusOf(before);
    const fromFile = (await app.login('admin@example.com')).accessToken;
    const both = await publishedKids();
    app.clock.advance({ minutes: 17 });
    const alone = await publishedKids();
    await app.close();
    app = await startTestApp({}, database);
    const after = (await app.login('admin@example.com')).accessToken;

    expect(during).toBe(200);
    expect(both).toEqual(['mine-2026-11', decodeProtectedHeader(before).kid]);
    expect(alone).toEqual(['mine-2026-11']);
    expect(decodeProtectedHeader(after).alg).toBe('ES256');
    expect(await statusOf(after)).toBe(200);
    expect(await statusOf(fromFile)).toBe(401);
  });
});
