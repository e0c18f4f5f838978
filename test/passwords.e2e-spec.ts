import { hash } from '@node-rs/argon2';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';

const NEW_PASSWORD = 'a tall ship and a star';

describe('passwords', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('changes the password, ends every other session and goes on with this one', async () => {
    await app.register('ada@example.com');
    const other = await app.login('ada@example.com');
    const mine = await app.login('ada@example.com');
    const answer = await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token: mine.accessToken },
    );
    const here = await app.get('/v1/users/me', { token: mine.accessToken });
    const there = await app.get('/v1/users/me', { token: other.accessToken });
    const old = await app.post('/v1/auth/login', { email: 'ada@example.com', password: PASSWORD });
    const anew = await app.post('/v1/auth/login', { email: 'ada@example.com', password: NEW_PASSWORD });

    expect(answer.status).toBe(204);
    expect([here.status, there.status, old.status, anew.status]).toEqual([200, 401, 401, 200]);
  });

  it('refuses a wrong current password and a weak new one, and changes nothing', async () => {
    await app.register('grace@example.com');
    const { accessToken: token } = await app.login('grace@example.com');
    const wrong = await app.post(
      '/v1/auth/password/change',
      { currentPassword: 'not it at all', newPassword: NEW_PASSWORD },
      { token },
    );
    const weak = await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: 'iloveyou' },
      { token },
    );
    const signIn = await app.post('/v1/auth/login', { email: 'grace@example.com', password: PASSWORD });

    expect(wrong.status).toBe(401);
    expect(wrong.body.type).toBe('/problems/invalid-credentials');
    expect(weak.status).toBe(422);
    expect(weak.body.errors[0].pointer).toBe('/newPassword');
    expect(signIn.status).toBe(200);
  });

  it('keeps an argon2id hash with today’s parameters', async () => {
    const id = await app.register('params@example.com');
    const [row] = await app.database.query('SELECT hash FROM password_credentials WHERE user_id = $1', [id]);

    expect(row.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('hashes anew at sign-in when the parameters have grown', async () => {
    const id = await app.register('old@example.com');
    const weaker = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await app.database.query('UPDATE password_credentials SET hash = $2 WHERE user_id = $1', [id, weaker]);
    await app.login('old@example.com');
    const [row] = await app.database.query('SELECT hash FROM password_credentials WHERE user_id = $1', [id]);

    expect(row.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await app.login('old@example.com');
  });
});
