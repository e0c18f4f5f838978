// How long a start waits for its revocations: our way, and all rows at once as TypeORM entities into Maps of strings.
import 'reflect-metadata';
import { makeVariant } from './blacklist-variants.mjs';
import { RevocationConnection } from '../dist/auth/tokens/revocation/revocation-connection.js';
import { RevocationRow } from '../dist/auth/tokens/revocation/revocation.entity.js';
import { NOTHING_SEEN, RevocationStore } from '../dist/auth/tokens/revocation/revocation-store.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { openDataSource } from '../dist/database/open-data-source.js';
import { SystemClock } from '../dist/time/clock.js';

const settings = loadSettings(process.env);
const dataSource = await openDataSource(settings, { entities: [RevocationRow] });

async function inBatches(blacklist) {
  const store = new RevocationStore(dataSource, new SystemClock());
  const connection = new RevocationConnection(settings.DATABASE_URL, 60_000, {
    onAnnouncement() {},
    onLoss() {},
  });
  await connection.listen('bench');
  for await (const batch of store.unseenBy(NOTHING_SEEN, connection.query)) {
    batch.forEach((revocation) => blacklist.add(revocation));
  }
  connection.close();
}

async function asEntities(blacklist) {
  const rows = await dataSource.manager.find(RevocationRow);
  for (const { subject, expiresAt } of rows) {
    blacklist.add({ subject, expiresAt: expiresAt.getTime() });
  }
}

const isOurs = process.argv[2] === 'ours';
const { clock, blacklist } = makeVariant(isOurs ? 'TokenBlacklist' : 'buckets of Map<string>');
clock.time = Date.now();
let longestTurn = 0;
let last = performance.now();
const watch = setInterval(() => {
  longestTurn = Math.max(longestTurn, performance.now() - last);
  last = performance.now();
}, 0);
const begin = performance.now();
await (isOurs ? inBatches : asEntities)(blacklist);
const milliseconds = performance.now() - begin;
await new Promise(setImmediate);
longestTurn = Math.max(longestTurn, performance.now() - last);
clearInterval(watch);
await dataSource.destroy();
process.send({ milliseconds, longestTurn, size: blacklist.size });
process.disconnect();
