import { DevelopmentAccounts } from '../seed/development-accounts.js';
import { SeedService } from '../seed/seed.service.js';
import { startCommandApp } from './command-app.js';
import { runCommand } from './run-command.js';

// npm run db:seed: the development accounts and the sample catalog, where they are missing.
runCommand(async () => {
  const app = await startCommandApp();
  await app.get(SeedService).seed();
  for (const { email, password } of app.get(DevelopmentAccounts).all()) {
    process.stdout.write(`${email} / ${password}\n`);
  }
  await app.close();
});
