// Sessions of many accounts, with access tokens that every process on the database accepts.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { AppModule } from '../dist/app.module.js';
import { AuthService } from '../dist/auth/auth.service.js';
import { AccessTokenService } from '../dist/auth/tokens/access-token.service.js';
import { loadSettings } from '../dist/config/load-settings.js';

/** Makes so many sessions, each of a customer of its own, and answers with an access token for each. */
export async function makeSessions(environment, count) {
  const app = await NestFactory.createApplicationContext(AppModule.with(loadSettings(environment)), {
    logger: ['error'],
  });
  const auth = app.get(AuthService);
  const caller = { ip: '127.0.0.1', userAgent: 'bench', requestId: 'bench' };
  const email = `${v7()}@example.com`;
  const user = await auth.register({ email, password: 'correct horse battery' });
  const { session } = await auth.signIn(
    { email, password: 'correct horse battery', delivery: 'body', jkt: null },
    caller,
  );
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
