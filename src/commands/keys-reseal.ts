import { Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { SecondFactor } from '../auth/mfa/second-factor.entity.js';
import { resealAll } from '../auth/reseal.js';
import { SigningKeyRow } from '../auth/tokens/keys/signing-key.entity.js';
import { newKeyEncryptionSecret, readEnvironment } from '../config/read-environment.js';
import { weaknessOf } from '../config/weak-secrets.js';
import { openDataSource } from '../database/open-data-source.js';
import { LOCAL_COMMAND } from '../http/caller.decorator.js';
import { CommandLogger } from './command-logger.js';
import { readSecret } from './read-password.js';
import { CommandError, runCommand } from './run-command.js';

// npm run keys:reseal: encrypts what is kept encrypted under a new KEY_ENCRYPTION_SECRET; docs/tokens.md has the order of steps.
runCommand(async () => {
  const settings = readEnvironment();
  const secret =
    newKeyEncryptionSecret() ??
    (await readSecret('New KEY_ENCRYPTION_SECRET (32 bytes or more, not shown): ')).trim();
  const weakness = weaknessOf(secret);
  if (weakness) {
    throw new CommandError(`The new secret ${weakness}; make one with: openssl rand -base64 32`);
  }
  const dataSource = await openDataSource(settings, { entities: [SigningKeyRow, SecondFactor] });
  const { keys, factors } = await resealAll(dataSource, settings.KEY_ENCRYPTION_SECRET, secret);
  Logger.overrideLogger(new CommandLogger(settings));
  new AuditLog().record('keys-resealed', {}, LOCAL_COMMAND);
  await dataSource.destroy();
  process.stdout.write(
    `${keys} keys and ${factors} second factors are sealed under the new secret: start every process anew with it now.\n` +
      'One that runs with the old secret cannot read a key that is made from now on.\n',
  );
});
