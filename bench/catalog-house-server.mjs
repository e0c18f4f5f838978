// The app as it is built, on the database that the environment names; asked for a token, it signs one that it accepts.
import { v7 } from 'uuid';
import { AccessTokenService } from '../dist/auth/tokens/access-token.service.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { createApp } from '../dist/create-app.js';
import { createLogger } from '../dist/operations/logger.js';

const settings = loadSettings(process.env);
const app = await createApp(settings, createLogger(settings));
await app.listen(0, '127.0.0.1');

process.on('message', (question) => {
  if (question === 'token') {
    const user = { id: v7(), roles: ['customer'], version: 1 };
    void app
      .get(AccessTokenService)
      .issue(user, { id: v7(), authenticatedAt: new Date(), jkt: null }, Math.floor(Date.now() / 1000))
      .then(({ accessToken }) => process.send(accessToken));
  }
});
process.stdout.write(`the house listens on ${await app.getUrl()}\n`);
