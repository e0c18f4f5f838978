import { KeysFileError } from '../auth/tokens/keys/keys-file.js';
import { UnreadableSecondFactorError } from '../auth/mfa/sealed-factor.js';
import { UnreadableSigningKeyError } from '../auth/tokens/keys/key-store.js';
import { SettingsError } from '../config/load-settings.js';
import { DataFolderInUseError } from '../database/embedded/data-folder-lock.js';
import { Problem } from '../http/problem.js';

/** Says what is wrong with how a command was called. */
export class CommandError extends Error {}

/** Errors that say all there is to know in their message. */
const EXPLAINED = [
  CommandError,
  SettingsError,
  Problem,
  DataFolderInUseError,
  KeysFileError,
  UnreadableSigningKeyError,
  UnreadableSecondFactorError,
];

/** Runs a command to its end (exit code 0 unless it sets another); what goes wrong is said on stderr and gives exit code 1. */
export function runCommand(command: () => Promise<void>): void {
  command().then(
    () => process.exit(),
    (error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exit(1);
    },
  );
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const isExplained =
    EXPLAINED.some((kind) => error instanceof kind) || isUnknownOption(error) || isFileError(error);
  return isExplained ? explanationOf(error) : (error.stack ?? error.message);
}

function explanationOf(error: Error): string {
  const faults = error instanceof Problem ? (error.errors ?? []) : [];
  const untold = faults.filter(({ detail }) => !error.message.includes(detail));
  return [error.message, ...untold.map(({ pointer, detail }) => `  ${pointer} ${detail}`)].join('\n');
}

// Node's own say what was to be done to which file: `EISDIR: illegal operation on a directory, rename …`.
function isFileError(error: Error): boolean {
  return 'syscall' in error && 'path' in error;
}

// Node's parseArgs throws a TypeError with a code of its own.
function isUnknownOption(error: Error): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
