import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../config/load-settings.js';
import { createApp } from '../create-app.js';
import { createOpenApiDocument } from '../http/openapi/document.js';
import { createLogger } from '../operations/logger.js';
import { runCommand } from './run-command.js';

// npm run openapi: writes the OpenAPI document to a file. The app is built (on an empty database of its own), but
// does not listen.
runCommand(async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'latchkey-openapi-'));
  const settings = loadSettings({ NODE_ENV: 'test', LOG_LEVEL: 'error', DATA_DIR: dataDirectory });
  const app = await createApp(settings, createLogger(settings));
  try {
    const document = createOpenApiDocument(app);
    writeFileSync(process.argv[2] ?? 'openapi.json', `${JSON.stringify(document, null, 2)}\n`);
  } finally {
    await app.close();
    rmSync(dataDirectory, { recursive: true });
  }
});
