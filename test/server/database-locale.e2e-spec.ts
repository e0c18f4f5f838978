import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startTestApp } from '../support/app.js';
import { runSql } from '../support/test-database.js';

const { DATABASE_URL = '', TEST_FOLDER = '' } = process.env;
const WARNING = 'The database is not UTF-8 with an LC_CTYPE of UTF-8';

describe('the locale of the database', () => {
  it.each([
    ['C', 1],
    ['C.UTF-8', 0],
  ])('with LC_CTYPE %s is warned of so often: %i', async (locale, times) => {
    const name = `latchkey_${randomBytes(6).toString('hex')}`;
    await runSql(
      DATABASE_URL,
      `CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE '${locale}'`,
    );
    const url = new URL(DATABASE_URL);
    url.pathname = `/${name}`;
    const drop = async () => void (await runSql(DATABASE_URL, `DROP DATABASE "${name}" WITH (FORCE)`));
    const database = { environment: { DATABASE_URL: url.href, DATA_DIR: join(TEST_FOLDER, name) }, drop };

    try {
      const app = await startTestApp({ MIGRATE_ON_START: 'true' }, database);
      await app.close();

      expect(app.log.filter((line) => line.includes(WARNING))).toHaveLength(times);
    } finally {
      await drop();
    }
  });
});
