import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { KeyAdministrationService } from '../auth/tokens/keys/key-administration.service.js';
import { readEnvironment } from '../config/read-environment.js';
import { LOCAL_COMMAND } from '../http/caller.decorator.js';
import { CommandLogger } from './command-logger.js';
import { CommandError, runCommand } from './run-command.js';

// npm run keys:retire -- KID: ends a signing key that has leaked. Running processes hear of it within seconds.
runCommand(async () => {
  const kid = process.argv[2];
  if (kid === undefined) {
    throw new CommandError('Usage: npm run keys:retire -- KID\nGET /v1/keys lists the keys.');
  }
  const settings = readEnvironment();
  const app = await NestFactory.createApplicationContext(AppModule.with(settings), {
    logger: new CommandLogger(settings),
    abortOnError: false,
  });
  const keys = app.get(KeyAdministrationService);
  await keys.retire(kid, { caller: LOCAL_COMMAND });
  const signer = keys.list().find(({ state }) => state === 'current');
  process.stdout.write(
    `The key ${kid} is retired: its tokens are refused on every process within seconds.\n` +
      `The key ${signer?.kid} (${signer?.algorithm}) signs.\n`,
  );
  await app.close();
});
