import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { readEnvironment } from '../config/read-environment.js';
import { DevelopmentAccounts } from '../seed/development-accounts.js';
import { SeedService } from '../seed/seed.service.js';
import { runCommand } from './run-command.js';

// npm run db:seed: the development accounts and the sample catalog, where they are missing.
runCommand(async () => {
  const app = await NestFactory.createApplicationContext(AppModule.with(readEnvironment()), {
    logger: ['warn', 'error'],
    abortOnError: false,
  });
  await app.get(SeedService).seed();
  for (const { email, password } of app.get(DevelopmentAccounts).all()) {
    process.stdout.write(`${email} / ${password}\n`);
  }
  await app.close();
});
