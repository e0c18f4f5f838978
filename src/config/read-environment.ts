import { existsSync } from 'node:fs';
import { loadSettings } from './load-settings.js';
import type { Settings } from './settings.js';

/** The settings of this process: from its environment, and beneath it from a file `.env` where there is one. */
export function readEnvironment(): Settings {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
  return loadSettings(process.env);
}

/** What `npm run keys:reseal` is to change KEY_ENCRYPTION_SECRET to, where the environment says so. No setting. */
export function newKeyEncryptionSecret(): string | undefined {
  return process.env['NEW_KEY_ENCRYPTION_SECRET']?.trim() || undefined;
}
