// Loaded into the app before anything else (`node --import`): changes how it announces revocations, to be compared.
import { RevocationRecorder } from '../dist/auth/tokens/revocation/revocation-recorder.js';
import { PostgresRevocationFeed } from '../dist/auth/tokens/revocation/postgres-revocation-feed.js';

const variant = process.env.BENCH_ANNOUNCE;
if (variant === 'never' || variant === 'in the transaction') {
  PostgresRevocationFeed.prototype.announce = () => {};
}
if (variant === 'in the transaction') {
  const record = Reflect.get(RevocationRecorder.prototype, 'record');
  RevocationRecorder.prototype.record = async function recordAndNotify(manager, revocation) {
    await record.call(this, manager, revocation);
    await manager.query('SELECT pg_notify($1, $2)', ['latchkey_revocations', JSON.stringify([revocation])]);
  };
}
