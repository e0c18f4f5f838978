import { readEnvironment } from './config/read-environment.js';
import { createApp } from './create-app.js';
import { serveMetrics } from './operations/metrics/metrics-server.js';
import { stopGracefully } from './operations/graceful-stop.js';
import { createLogger } from './operations/logger.js';
import { SeedService } from './seed/seed.service.js';
import { welcome } from './welcome.js';

async function main(): Promise<void> {
  const settings = readEnvironment();
  const logger = createLogger(settings);
  const app = await createApp(settings, logger);
  stopGracefully(app, logger);
  await app.init();
  await app.get(SeedService, { strict: false }).seedInDevelopment();
  await serveMetrics(app, settings);
  await app.listen(settings.PORT, settings.HOST);
  process.stdout.write(welcome(app, settings, await app.getUrl()));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
