import { checkCatalog } from '../catalog/check/catalog-check.js';
import { readEnvironment } from '../config/read-environment.js';
import { openDataSource } from '../database/open-data-source.js';
import { CommandError, runCommand } from './run-command.js';

// npm run catalog:check: compares every product document with what the tables say; exit code 1 where one differs.
runCommand(async () => {
  const dataSource = await openDataSource(readEnvironment(), { entities: [] });
  let differences = 0;
  const products = await checkCatalog(dataSource.manager, (line) => {
    differences++;
    process.stdout.write(`${line}\n`);
  });
  await dataSource.destroy();
  if (differences > 0) {
    throw new CommandError(`${differences} differences in ${products} products.`);
  }
  process.stdout.write(`${products} products, and no difference.\n`);
});
