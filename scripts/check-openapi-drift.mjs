// Fails when openapi.json is not what the code says; `npm run openapi` writes it anew.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-openapi-'));
const fresh = join(folder, 'openapi.json');
const written = spawnSync(process.execPath, ['dist/commands/openapi.js', fresh], { stdio: 'inherit' });
const isSame = written.status === 0 && readFileSync(fresh, 'utf8') === readFileSync('openapi.json', 'utf8');
rmSync(folder, { recursive: true });

if (!isSame) {
  console.error('openapi.json is not what the code says. Run `npm run openapi` and commit it.');
  process.exit(1);
}
