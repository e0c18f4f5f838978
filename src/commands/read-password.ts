import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks for a password without showing it on a terminal, or reads the first line of standard input. */
export async function readPassword(): Promise<string> {
  if (stdin.isTTY) {
    stdout.write('Password (8 to 128 characters, not shown): ');
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
