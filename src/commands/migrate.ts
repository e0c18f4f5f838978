import { readEnvironment } from '../config/read-environment.js';
import { createDataSource, migrate } from '../database/open-data-source.js';
import { runCommand } from './run-command.js';

// npm run db:migrate: brings the tables up to date, for deployments with MIGRATE_ON_START=false.
runCommand(async () => {
  const dataSource = await createDataSource(readEnvironment());
  await dataSource.initialize();
  const names = await migrate(dataSource);
  await dataSource.destroy();
  process.stdout.write(names.length > 0 ? `Migrated: ${names.join(', ')}\n` : 'Nothing to migrate.\n');
});
