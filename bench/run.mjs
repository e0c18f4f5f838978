// Runs one benchmark: `npm run bench -- guards`. Prints its table and keeps every figure in results/<name>.json.
// The load generator (this process) stays on one core, the server under test on another, so that neither counts nor
// disturbs the other's work.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { table } from './statistics.mjs';

const BENCHES = [
  'guards',
  'tokens',
  'dpop',
  'blacklist',
  'revocation',
  'catalog',
  'stock',
  'imports',
  'imports-memory',
  'throttle',
  'overload',
];
const LOAD_CORE = '1';

const [name] = process.argv.slice(2);
if (!BENCHES.includes(name)) {
  process.stderr.write(`Usage: npm run bench -- <${BENCHES.join(' | ')}>\n`);
  process.exit(2);
}
if (availableParallelism() < 2) {
  process.stderr.write('The server and the load need a core each; this machine has one.\n');
  process.exit(1);
}
execFileSync('taskset', ['-acp', LOAD_CORE, String(process.pid)]);

const loadBefore = loadavg();
const { run } = await import(`./${name}.mjs`);
const { tables, notes, raw } = await run((line) => process.stderr.write(`${line}\n`));
const machine = {
  cpu: cpus()[0].model,
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  linux: release(),
  node: process.version,
  // Other work on the machine: what `uptime` said when it began and when it ended.
  loadBefore: loadBefore.map((load) => Number(load.toFixed(2))),
  loadAfter: loadavg().map((load) => Number(load.toFixed(2))),
};

const { cpu, cores, node } = machine;
process.stdout.write(`\n${cpu}, ${cores} cores, Node ${node}.\n`);
for (const { title, rows } of tables) {
  process.stdout.write(`\n${title}\n\n${table(rows)}\n`);
}
process.stdout.write(`\n${notes.join('\n')}\n`);

const file = fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
const results = { measuredAt: new Date().toISOString(), machine, tables, notes, raw };
writeFileSync(file, await format(JSON.stringify(results), { parser: 'json', printWidth: 110 }));
