import { parseArgs } from 'node:util';
import { AuthService } from '../auth/auth.service.js';
import { readPassword } from './read-password.js';
import { startCommandApp } from './command-app.js';
import { CommandError, runCommand } from './run-command.js';

const USAGE =
  'Usage: npm run admin -- create --email you@shop.example [--name "Your name"]\nThe password is asked for, or read from standard input.';

// npm run admin -- create: makes the first administrator of a new installation.
runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { email: { type: 'string' }, name: { type: 'string' } },
  });
  if (positionals[0] !== 'create' || !values.email) {
    throw new CommandError(USAGE);
  }
  const app = await startCommandApp();
  const password = await readPassword();
  const user = await app.get(AuthService).register({
    email: values.email,
    password,
    displayName: values.name ?? null,
    roles: ['customer', 'admin'],
    emailVerified: true,
  });
  process.stdout.write(`Administrator ${user.email} made (${user.id}).\n`);
  await app.close();
});
