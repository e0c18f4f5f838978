import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** What a command is given: words after its name, standard input, and options of Node itself. */
export interface CommandInput {
  readonly words?: readonly string[];
  readonly input?: string;
  readonly nodeOptions?: readonly string[];
}

const { TEST_FOLDER = '' } = process.env;

/** Runs a built command of `src/commands/` as an operator does; nothing of this process's environment is handed on. */
export async function runCommand(
  name: string,
  environment: Readonly<Record<string, string>>,
  { words = [], input = '', nodeOptions = [] }: CommandInput = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...nodeOptions, resolve(`dist/commands/${name}.js`), ...words], {
    cwd: TEST_FOLDER,
    env: { NODE_ENV: 'test', ...environment },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, output, errors };
}
