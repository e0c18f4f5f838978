import { KeyAdministrationService } from '../auth/tokens/keys/key-administration.service.js';
import { LOCAL_COMMAND } from '../http/caller.decorator.js';
import { startCommandApp } from './command-app.js';
import { CommandError, runCommand } from './run-command.js';

// npm run keys:retire -- KID: ends a signing key that has leaked. Running processes hear of it within seconds.
runCommand(async () => {
  const kid = process.argv[2];
  if (kid === undefined) {
    throw new CommandError('Usage: npm run keys:retire -- KID\nGET /v1/keys lists the keys.');
  }
  const app = await startCommandApp();
  const keys = app.get(KeyAdministrationService);
  await keys.retire(kid, { caller: LOCAL_COMMAND });
  const signer = keys.list().find(({ state }) => state === 'current');
  process.stdout.write(
    `The key ${kid} is retired: its tokens are refused on every process within seconds.\n` +
      `The key ${signer?.kid} (${signer?.algorithm}) signs.\n` +
      'Start anew each process that runs with an older KEY_ENCRYPTION_SECRET: it cannot read a key made with this one.\n',
  );
  await app.close();
});
