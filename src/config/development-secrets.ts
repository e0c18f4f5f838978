import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from './system-error.js';

/** What development makes for itself on the first run, so that nobody has to invent secrets to try it. */
export interface DevelopmentSecrets {
  readonly keyEncryptionSecret: string;
  readonly adminPassword: string;
  readonly editorPassword: string;
}

/** The secrets kept in `DATA_DIR/development-secrets.json`; made there (readable by the owner only) if missing. */
export function developmentSecrets(dataDirectory: string): DevelopmentSecrets {
  const file = join(dataDirectory, 'development-secrets.json');
  const kept = readIfThere(file);
  if (kept !== null) {
    return parse(kept, file);
  }
  mkdirSync(dataDirectory, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(makeSecrets(), null, 2), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    // Another process was first: its secrets count.
    if (!isSystemError(error, 'EEXIST')) {
      throw error;
    }
  } finally {
    rmSync(draft);
  }
  return parse(readFileSync(file, 'utf8'), file);
}

function makeSecrets(): DevelopmentSecrets {
  return {
    keyEncryptionSecret: randomBytes(32).toString('base64'),
    adminPassword: randomBytes(15).toString('base64url'),
    editorPassword: randomBytes(15).toString('base64url'),
  };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) {
      return null;
    }
    throw error;
  }
}

function parse(text: string, file: string): DevelopmentSecrets {
  const value: unknown = JSON.parse(text);
  if (!isDevelopmentSecrets(value)) {
    throw new Error(`${file} is damaged: restore it, or remove the whole data folder to start afresh.`);
  }
  return value;
}

function isDevelopmentSecrets(value: unknown): value is DevelopmentSecrets {
  const names: readonly string[] = ['keyEncryptionSecret', 'adminPassword', 'editorPassword'];
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'string')
  );
}
