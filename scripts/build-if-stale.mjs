// Builds dist/ when it is missing or older than the newest source, so that `npm start` after
// `npm install` starts at once and a changed source is never run from an old build.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

function newest(folder) {
  let latest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

const sources = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
const changedAt = Math.max(newest('src'), ...sources.map((file) => statSync(file).mtimeMs));
const builtAt = statSync('dist/main.js', { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (builtAt < changedAt) {
  const build = spawnSync('npx', ['--no-install', 'nest', 'build'], { stdio: 'inherit' });
  process.exit(build.status ?? 1);
}
