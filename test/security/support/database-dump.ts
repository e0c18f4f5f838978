import type { DataSource } from 'typeorm';

/** Every row of every table as text, the way a stolen backup would show it; bytes as hex. */
export async function dumpDatabase(database: DataSource): Promise<string> {
  const tables: { name: string }[] = await database.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const dumps: string[] = [];
  for (const { name } of tables) {
    const rows: { text: string }[] = await database.query(
      `SELECT row_to_json(row)::text AS text FROM ${name} row`,
    );
    dumps.push(`${name}\n`, ...rows.map(({ text }) => `${text}\n`));
  }
  return dumps.join('');
}

/** How a secret may be written down: as it is, and its bytes in hex and in both kinds of base64. */
function spellingsOf(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret);
  const encodings = ['hex', 'base64', 'base64url'] as const;
  const texts = encodings.map((encoding) => bytes.toString(encoding).replace(/=+$/, ''));
  return typeof secret === 'string' ? [secret, ...texts] : texts;
}

/** Which of the secrets stand in a text, in one spelling or another; empty is good. */
export function secretsFoundIn(text: string, secrets: Readonly<Record<string, string | Buffer>>): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => spellingsOf(secret).some((spelling) => text.includes(spelling)))
    .map(([name]) => name);
}
