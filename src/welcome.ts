import type { INestApplicationContext } from '@nestjs/common';
import type { Settings } from './config/settings.js';
import { DevelopmentAccounts } from './seed/development-accounts.js';

/** What a process says when it listens: where to look, and in development who to sign in as. */
export function welcome(app: INestApplicationContext, settings: Settings, url: string): string {
  const lines = [`Latchkey listens on ${url}`];
  if (settings.SWAGGER_UI) {
    lines.push(`Swagger UI: ${url}/docs`);
  }
  if (settings.NODE_ENV === 'development') {
    lines.push(
      '',
      'Sign in as',
      ...app
        .get(DevelopmentAccounts, { strict: false })
        .all()
        .map(({ email, password }) => `${email} / ${password}`),
    );
  }
  return `\n${lines.join('\n')}\n\n`;
}
