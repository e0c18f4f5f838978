import { SettingsError } from '../config/load-settings.js';
import { Problem } from '../http/problem.js';

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
  if (error instanceof SettingsError || error instanceof Problem) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
