// Two processes of the app on one PostgreSQL, and sessions with access tokens that they accept.
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { AppModule } from '../dist/app.module.js';
import { AuthService } from '../dist/auth/auth.service.js';
import { AccessTokenService } from '../dist/auth/tokens/access-token.service.js';
import { loadSettings } from '../dist/config/load-settings.js';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** One process of the app. */
export class AppServer {
  #child;
  #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  url;

  /** @param announce how revocations are announced: 'after the commit' as it is built, or see revocation-variant.mjs */
  static async start(environment, announce = 'after the commit') {
    const server = new AppServer();
    server.#child = spawn(
      'taskset',
      [
        '-c',
        '0,1',
        process.execPath,
        '--import',
        pathOf('revocation-variant.mjs'),
        pathOf('../dist/main.js'),
      ],
      {
        cwd: environment.DATA_DIR,
        env: {
          PATH: process.env.PATH,
          HOST: '127.0.0.1',
          PORT: '0',
          BENCH_ANNOUNCE: announce,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    server.url = await new Promise((found, failed) => {
      let output = '';
      server.#child.stdout.on('data', (text) => {
        output += String(text);
        const url = /^Latchkey listens on (\S+)$/m.exec(output)?.[1];
        if (url !== undefined) {
          found(url);
        }
      });
      server.#child.once('exit', (code) => failed(new Error(`ended with ${code}:\n${output}`)));
    });
    return server;
  }

  /** The status of the answer to a request with this access token. */
  send(method, path, token) {
    return new Promise((answered, failed) => {
      const options = { method, agent: this.#agent, headers: { Authorization: `Bearer ${token}` } };
      request(`${this.url}${path}`, options, (response) => {
        response.resume();
        response.once('end', () => answered(response.statusCode));
      })
        .once('error', failed)
        .end();
    });
  }

  stop() {
    this.#agent.destroy();
    this.#child.kill('SIGKILL');
  }
}

/** Makes so many sessions, each of a customer of its own, and answers with an access token for each. */
export async function makeSessions(environment, count) {
  const app = await NestFactory.createApplicationContext(AppModule.with(loadSettings(environment)), {
    logger: ['error'],
  });
  const auth = app.get(AuthService);
  const caller = { ip: '127.0.0.1', userAgent: 'bench', requestId: 'bench' };
  const email = `${v7()}@example.com`;
  const user = await auth.register({ email, password: 'correct horse battery' });
  const { session } = await auth.signIn(email, 'correct horse battery', 'body', caller);
  const copies = Array.from({ length: count }, () => ({ userId: v7(), sessionId: v7() }));
  const users = copies.map(({ userId }) => userId);
  const dataSource = app.get(DataSource);
  await dataSource.query(
    `INSERT INTO users SELECT (jsonb_populate_record(users, jsonb_build_object('id', copy, 'email', copy || '@example.com'))).*
     FROM users, unnest($2::uuid[]) AS copy WHERE users.id = $1`,
    [user.id, users],
  );
  await dataSource.query(
    `INSERT INTO sessions SELECT (jsonb_populate_record(sessions, jsonb_build_object('id', copy, 'user_id', copy_user))).*
     FROM sessions, unnest($2::uuid[], $3::uuid[]) AS made (copy, copy_user) WHERE sessions.id = $1`,
    [session.id, copies.map(({ sessionId }) => sessionId), users],
  );
  const tokens = [];
  for (const { userId, sessionId } of copies) {
    tokens.push(
      (
        await app
          .get(AccessTokenService)
          .issue(
            { ...user, id: userId },
            { id: sessionId, authenticatedAt: new Date(), jkt: null },
            Math.floor(Date.now() / 1000),
          )
      ).accessToken,
    );
  }
  await app.close();
  return tokens;
}
