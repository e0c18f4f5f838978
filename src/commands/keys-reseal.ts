import { resealKeys } from '../auth/tokens/keys/reseal-keys.js';
import { SigningKeyRow } from '../auth/tokens/keys/signing-key.entity.js';
import { newKeyEncryptionSecret, readEnvironment } from '../config/read-environment.js';
import { weaknessOf } from '../config/weak-secrets.js';
import { openDataSource } from '../database/open-data-source.js';
import { readSecret } from './read-password.js';
import { CommandError, runCommand } from './run-command.js';

// npm run keys:reseal: encrypts the signing keys under a new KEY_ENCRYPTION_SECRET; docs/tokens.md has the order of steps.
runCommand(async () => {
  const settings = readEnvironment();
  const secret =
    newKeyEncryptionSecret() ??
    (await readSecret('New KEY_ENCRYPTION_SECRET (32 bytes or more, not shown): ')).trim();
  const weakness = weaknessOf(secret);
  if (weakness) {
    throw new CommandError(`The new secret ${weakness}; make one with: openssl rand -base64 32`);
  }
  const dataSource = await openDataSource(settings, { entities: [SigningKeyRow] });
  const count = await resealKeys(dataSource, settings.KEY_ENCRYPTION_SECRET, secret);
  await dataSource.destroy();
  process.stdout.write(`${count} keys are sealed under the new secret: start every process with it now.\n`);
});
