import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks for a password: see `readSecret`. */
export async function readPassword(): Promise<string> {
  return readSecret('Password (8 to 128 characters, not shown): ');
}

/** Asks for a secret without showing it on a terminal, or reads the first line of standard input. */
export async function readSecret(prompt: string): Promise<string> {
  if (stdin.isTTY) {
    stdout.write(prompt);
  }
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: stdin.isTTY });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    if (stdin.isTTY) {
      stdout.write('\n');
    }
  }
}
