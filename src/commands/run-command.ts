import { SettingsError } from '../config/load-settings.js';
import { Problem } from '../http/problem.js';

/** Thrown by a command that was called in a way it does not know; the message says which ways there are. */
export class UsageError extends Error {}

/** Runs a command to its end; what goes wrong is said in one line on stderr and gives exit code 1. */
export function runCommand(command: () => Promise<void>): void {
  command().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exit(1);
    },
  );
}

function messageOf(error: unknown): string {
  if (error instanceof SettingsError || error instanceof Problem || isUsageError(error)) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// Node's parseArgs throws a TypeError with a code of its own.
function isUsageError(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  );
}
