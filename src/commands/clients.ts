import { parseArgs } from 'node:util';
import { ServiceClientsService } from '../auth/oauth/service-clients.service.js';
import { startCommandApp } from './command-app.js';
import { CommandError, runCommand } from './run-command.js';

const USAGE = `Usage:
  npm run clients -- create --name "Search index" [--claim roles] [--claim sid] [--claim email]
  npm run clients -- list
  npm run clients -- revoke ID`;

// npm run clients: makes, lists and takes back the credentials of services that introspect and revoke tokens.
runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { name: { type: 'string' }, claim: { type: 'string', multiple: true } },
  });
  const work = workOf(positionals, values.name, values.claim ?? []);
  const app = await startCommandApp();
  process.stdout.write(await work(app.get(ServiceClientsService)));
  await app.close();
});

type Work = (clients: ServiceClientsService) => Promise<string>;

function workOf([verb, id]: readonly string[], name: string | undefined, claims: readonly string[]): Work {
  if (verb === 'create' && name !== undefined) {
    return (clients) => create(clients, name, claims);
  }
  if (verb === 'list') {
    return list;
  }
  if (verb === 'revoke' && id !== undefined) {
    return (clients) => revoke(clients, id);
  }
  throw new CommandError(USAGE);
}

async function create(
  clients: ServiceClientsService,
  name: string,
  claims: readonly string[],
): Promise<string> {
  const { client, secret } = await clients.create(name, claims);
  return `id:     ${client.id}\nsecret: ${secret}\nThe secret is not shown again; only its digest is kept.\n`;
}

async function list(clients: ServiceClientsService): Promise<string> {
  const all = await clients.list();
  return all
    .map(({ id, name, claims, createdAt, revokedAt }) => {
      const state = revokedAt ? `revoked ${revokedAt.toISOString()}` : 'living';
      return `${id}  made ${createdAt.toISOString()}  ${state}  claims: ${claims.join(', ') || 'none'}  ${name}\n`;
    })
    .join('');
}

async function revoke(clients: ServiceClientsService, id: string): Promise<string> {
  await clients.revoke(id);
  return `Revoked ${id}: every process refuses it from now on.\n`;
}
