import { parseArgs } from 'node:util';
import { OmitType } from '@nestjs/swagger';
import { AuthService } from '../auth/auth.service.js';
import { RegisterDto } from '../auth/dto/register.dto.js';
import { MfaService } from '../auth/mfa/mfa.service.js';
import { LOCAL_COMMAND } from '../http/caller.decorator.js';
import { InputPipe } from '../http/input.pipe.js';
import type { Role } from '../users/role.js';
import { UsersService } from '../users/users.service.js';
import { readPassword } from './read-password.js';
import { startCommandApp } from './command-app.js';
import { CommandError, runCommand } from './run-command.js';

const USAGE = `Usage:
  npm run admin -- create --email you@shop.example [--name "Your name"]
    makes an administrator; the password is asked for, or read from standard input
  npm run admin -- remove-second-factor --email you@shop.example
    for who has lost the authenticator app and the recovery codes`;

/** Who is to be an administrator. What the password has to be, `AuthService` says. */
class AdministratorDto extends OmitType(RegisterDto, ['password']) {}

// npm run admin: makes the first administrator of a new installation, and lets one in again.
runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { email: { type: 'string' }, name: { type: 'string' } },
  });
  const [act] = positionals;
  if (!values.email || (act !== 'create' && act !== 'remove-second-factor')) {
    throw new CommandError(USAGE);
  }
  if (act === 'create') {
    await create(values.email, values.name ?? null);
  } else {
    await removeSecondFactor(values.email);
  }
});

async function create(email: string, displayName: string | null): Promise<void> {
  await new InputPipe().transform({ email, displayName }, { type: 'body', metatype: AdministratorDto });
  const app = await startCommandApp();
  const password = await readPassword();
  const roles: Role[] = ['customer', 'admin'];
  const user = await app
    .get(AuthService)
    .register({ email, displayName, password, roles, emailVerified: true });
  process.stdout.write(`Administrator ${user.email} made (${user.id}).\n`);
  await app.close();
}

async function removeSecondFactor(email: string): Promise<void> {
  const app = await startCommandApp();
  const user = await app.get(UsersService).findByEmail(email);
  if (!user) {
    await app.close();
    throw new CommandError('There is no account with this address.');
  }
  await app.get(MfaService).removeFrom(user.id, undefined, LOCAL_COMMAND);
  process.stdout.write(`${user.email} signs in without a second factor now.\n`);
  await app.close();
}
