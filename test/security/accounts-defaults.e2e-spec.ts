import { CatalogLoader } from '../../src/catalog/catalog-loader.js';
import { developmentSecrets } from '../../src/config/development-secrets.js';
import { Settings } from '../../src/config/settings.js';
import { DevelopmentAccounts } from '../../src/seed/development-accounts.js';
import { SeedService } from '../../src/seed/seed.service.js';
import { type TestApp, startTestApp } from '../support/app.js';

describe('accounts that nobody has made', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const countAccounts = async (): Promise<number> => {
    const [row]: [{ count: number }] = await app.database.query('SELECT count(*)::int AS count FROM users');
    return row.count;
  };

  it('ASVS 6.3.2: are not there outside of development', async () => {
    expect(await countAccounts()).toBe(0);
  });

  it('ASVS 6.3.2: cannot be made in production: the seed refuses to run', async () => {
    const production = Object.assign(new Settings(), { NODE_ENV: 'production' });
    const accounts = app.nest.get(DevelopmentAccounts);
    const seed = new SeedService(app.database, production, accounts, app.nest.get(CatalogLoader));

    await expect(seed.seed()).rejects.toThrow('The seed is for development');
    await seed.seedInDevelopment();

    expect(await countAccounts()).toBe(0);
  });

  it('ASVS 6.3.2: have no password that anybody could know', async () => {
    const accounts = app.nest.get(DevelopmentAccounts);
    const passwords = accounts.all().map(({ password }) => password);
    const { DATA_DIR } = app.nest.get(Settings);

    const again = developmentSecrets(DATA_DIR);
    const elsewhere = developmentSecrets(`${DATA_DIR}/elsewhere`);

    expect(passwords).toEqual([again.adminPassword, again.editorPassword]);
    expect(passwords.every((password) => /^[\w-]{20}$/.test(password))).toBe(true);
    expect(new Set([...passwords, elsewhere.adminPassword, elsewhere.editorPassword]).size).toBe(4);
  });
});
