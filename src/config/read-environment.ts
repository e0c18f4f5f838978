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
