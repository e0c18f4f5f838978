import { rmSync } from 'node:fs';
import pg from 'pg';

export default async function tearDown() {
  rmSync(process.env.TEST_FOLDER, { recursive: true, force: true });
  if (process.env.TEST_TEMPLATE_URL) {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await client.query(
      `DROP DATABASE "${new URL(process.env.TEST_TEMPLATE_URL).pathname.slice(1)}" WITH (FORCE)`,
    );
    await client.end();
  }
}
