import { KeyAdministrationService } from '../auth/tokens/keys/key-administration.service.js';
import { LOCAL_COMMAND } from '../http/caller.decorator.js';
import { startCommandApp } from './command-app.js';
import { runCommand } from './run-command.js';

// npm run keys:rotate: makes the next signing key. Running processes hear of it by themselves.
runCommand(async () => {
  const app = await startCommandApp();
  const { kid, algorithm, signsFrom } = await app
    .get(KeyAdministrationService)
    .rotate({ caller: LOCAL_COMMAND });
  const from = new Date(signsFrom ?? 0).toISOString();
  process.stdout.write(`The next key ${kid} (${algorithm}) is published and signs from ${from}.\n`);
  await app.close();
});
