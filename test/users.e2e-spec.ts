import { MfaService } from '../src/auth/mfa/mfa.service.js';
import { LOCAL_COMMAND } from '../src/http/caller.decorator.js';
import { AccountAdministrationService } from '../src/users/account-administration.service.js';
import { type TestApp, startTestApp } from './support/app.js';
import { forgeCursor } from './support/cursor.js';

/** What the cursors of a list of users without filters begin with. */
const ALL_USERS = 'users [null,null,null]';

describe('accounts', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signIn('admin');
  });
  afterAll(() => app.close());

  describe('/v1/users/me', () => {
    it('changes the name, and removes it', async () => {
      const token = await app.signIn('customer');
      const named = await app.patch('/v1/users/me', { displayName: 'Ada Lovelace' }, { token });
      const kept = await app.patch('/v1/users/me', {}, { token });
      const removed = await app.patch('/v1/users/me', { displayName: null }, { token });

      expect(named.status).toBe(200);
      expect(named.body.displayName).toBe('Ada Lovelace');
      expect(kept.body.displayName).toBe('Ada Lovelace');
      expect(removed.body.displayName).toBeNull();
    });

    it.each([
      [{ displayName: '' }, '/displayName'],
      [{ displayName: 'x'.repeat(101) }, '/displayName'],
      [{ displayName: 'line\nbreak' }, '/displayName'],
      [{ displayName: 5 }, '/displayName'],
      [{ roles: ['admin'] }, '/roles'],
      [{ status: 'active' }, '/status'],
      [{ email: 'other@example.com' }, '/email'],
    ])('refuses %j', async (body, pointer) => {
      const answer = await app.patch('/v1/users/me', body, { token: await app.signIn('customer') });

      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    });
  });

  describe('administration', () => {
    it('is for administrators only', async () => {
      const guest = await app.get('/v1/users');
      const customer = await app.get('/v1/users', { token: await app.signIn('customer') });
      const editor = await app.get('/v1/users', { token: await app.signIn('editor') });

      expect([guest.status, customer.status, editor.status]).toEqual([401, 403, 403]);
      expect(customer.body.type).toBe('/problems/forbidden');
    });

    it('walks through all accounts by pages, each exactly once', async () => {
      for (let index = 0; index < 5; index++) {
        await app.register(`walk${index}@example.com`);
      }
      const emails: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer = await app.get(`/v1/users?email=walk&limit=2${cursor && `&cursor=${cursor}`}`, {
          token: admin,
        });
        emails.push(...answer.body.items.map(({ email }: { email: string }) => email));
        cursor = answer.body.nextCursor;
      }

      expect(emails).toEqual(
        ['walk4', 'walk3', 'walk2', 'walk1', 'walk0'].map((name) => `${name}@example.com`),
      );
    });

    it.each(['', 'email=walk&role=editor', 'email=walk&status=disabled', 'email=walker'])(
      'refuses the cursor of the same list with other filters: %s',
      async (filters) => {
        const { nextCursor } = (await app.get('/v1/users?email=walk&limit=2', { token: admin })).body;

        const own = await app.get(`/v1/users?email=walk&cursor=${nextCursor}`, { token: admin });
        const other = await app.get(`/v1/users?${filters}&cursor=${nextCursor}`, { token: admin });

        expect([own.status, other.status]).toEqual([200, 400]);
      },
    );

    it('filters by role and status', async () => {
      const editors = await app.get('/v1/users?role=admin&status=active', { token: admin });
      const disabled = await app.get('/v1/users?status=disabled', { token: admin });

      expect(editors.body.items.map(({ email }: { email: string }) => email)).toEqual(['admin@example.com']);
      expect(disabled.body.items).toEqual([]);
    });

    it.each([
      ['limit=0', '/query/limit'],
      ['limit=101', '/query/limit'],
      ['limit=ten', '/query/limit'],
      ['role=god', '/query/role'],
      ['status=asleep', '/query/status'],
      ['sort=email', '/query/sort'],
      ['email=a&email=b', '/query/email'],
    ])('refuses ?%s', async (query, pointer) => {
      const answer = await app.get(`/v1/users?${query}`, { token: admin });

      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    });

    it.each(['x', 'bnVsbA', forgeCursor(['products', '1']), forgeCursor([ALL_USERS, '1'])])(
      'refuses the cursor %s',
      async (cursor) => {
        const answer = await app.get(`/v1/users?cursor=${cursor}`, { token: admin });

        expect(answer.status).toBe(400);
        expect(answer.body.type).toBe('/problems/bad-request');
      },
    );

    it('reads one account, and 404 for none', async () => {
      const id = await app.register('one@example.com');
      const found = await app.get(`/v1/users/${id}`, { token: admin });
      const unknown = await app.get('/v1/users/019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11', { token: admin });
      const noId = await app.get('/v1/users/1', { token: admin });

      expect(found.body).toMatchObject({ id, email: 'one@example.com' });
      expect([unknown.status, noId.status]).toEqual([404, 404]);
    });

    it('gives a role, which needs a new token, and takes it away from live tokens at once', async () => {
      const id = await app.register('promoted@example.com');
      const before = await app.login('promoted@example.com');
      const given = await app.patch(`/v1/users/${id}`, { roles: ['customer', 'admin'] }, { token: admin });
      const old = await app.get('/v1/users', { token: before.accessToken });
      const renewed = await app.post('/v1/auth/refresh', { refreshToken: before.refreshToken });
      const allowed = await app.get('/v1/users', { token: renewed.body.accessToken });
      await app.patch(`/v1/users/${id}`, { roles: ['customer'] }, { token: admin });
      const refused = await app.get('/v1/users', { token: renewed.body.accessToken });

      expect(given.body.roles).toEqual(['customer', 'admin']);
      expect(old.status).toBe(401);
      expect(allowed.status).toBe(200);
      expect(refused.status).toBe(401);
    });

    it('disables an account: tokens, refresh tokens and sign-in are refused at once, also after it is active again', async () => {
      const id = await app.register('locked@example.com');
      const { accessToken, refreshToken } = await app.login('locked@example.com');
      const disabled = await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: admin });
      const access = await app.get('/v1/users/me', { token: accessToken });
      const refresh = await app.post('/v1/auth/refresh', { refreshToken });
      await app.patch(`/v1/users/${id}`, { status: 'active' }, { token: admin });
      const refreshLater = await app.post('/v1/auth/refresh', { refreshToken });
      const anew = await app.login('locked@example.com');

      expect(disabled.body.status).toBe('disabled');
      expect([access.status, refresh.status, refreshLater.status]).toEqual([401, 401, 401]);
      expect(anew.accessToken).toBeDefined();
    });

    it('changes nothing, and takes no token back, when nothing changes', async () => {
      const id = await app.register('same@example.com');
      const { accessToken } = await app.login('same@example.com');
      const answer = await app.patch(
        `/v1/users/${id}`,
        { roles: ['customer'], status: 'active' },
        { token: admin },
      );
      const access = await app.get('/v1/users/me', { token: accessToken });

      expect(answer.status).toBe(200);
      expect(access.status).toBe(200);
    });

    it.each([
      [['editor'], ['customer', 'editor']],
      [
        ['editor', 'customer'],
        ['customer', 'editor'],
      ],
      [[], ['customer']],
    ])('takes roles %j: everybody is a customer, named or not', async (roles, all) => {
      const id = await app.register(`roles-${roles.length}-${roles[0]}@example.com`);

      const answer = await app.patch(`/v1/users/${id}`, { roles }, { token: admin });

      expect([answer.status, answer.body.roles]).toEqual([200, all]);
    });

    it.each([{ status: 'disabled' }, { roles: ['customer'] }])(
      'lets no administrator undo %j with a request that was under way',
      async (change) => {
        const id = await app.register(`undone-${Object.keys(change)[0]}@example.com`, ['customer', 'admin']);
        await app.patch(`/v1/users/${id}`, change, { token: admin });

        // Past its guards already.
        const administration = app.nest.get(AccountAdministrationService);
        const late = administration.change(id, { status: 'active', roles: ['admin'] }, id, LOCAL_COMMAND);
        const lateFactor = app.nest.get(MfaService).removeFrom(id, id, LOCAL_COMMAND);

        await expect(late).rejects.toMatchObject({ code: 'forbidden' });
        await expect(lateFactor).rejects.toMatchObject({ code: 'forbidden' });
        expect((await app.get(`/v1/users/${id}`, { token: admin })).body).toMatchObject(change);
      },
    );

    it('keeps the last active administrator', async () => {
      const me = await app.get('/v1/users/me', { token: admin });
      const demoted = await app.patch(`/v1/users/${me.body.id}`, { roles: ['customer'] }, { token: admin });
      const disabled = await app.patch(`/v1/users/${me.body.id}`, { status: 'disabled' }, { token: admin });

      expect([demoted.status, disabled.status]).toEqual([409, 409]);
      expect((await app.get('/v1/users', { token: admin })).status).toBe(200);
    });

    it.each([
      [{ roles: null }, '/roles'],
      [{ roles: ['customer', 'god'] }, '/roles'],
      [{ roles: 'admin' }, '/roles'],
      [{ status: 'gone' }, '/status'],
      [{ status: null }, '/status'],
      [{ version: 1 }, '/version'],
    ])('refuses %j', async (body, pointer) => {
      const id = await app.register(`refused-${pointer.slice(1)}-${JSON.stringify(body).length}@example.com`);
      const answer = await app.patch(`/v1/users/${id}`, body, { token: admin });

      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    });

    it('signs a user out everywhere', async () => {
      const id = await app.register('away@example.com');
      const { accessToken, refreshToken } = await app.login('away@example.com');
      const answer = await app.post(`/v1/users/${id}/sign-out`, undefined, { token: admin });
      const access = await app.get('/v1/users/me', { token: accessToken });
      const refresh = await app.post('/v1/auth/refresh', { refreshToken });
      const unknown = await app.post('/v1/users/019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11/sign-out', undefined, {
        token: admin,
      });

      expect(answer.status).toBe(204);
      expect([access.status, refresh.status, unknown.status]).toEqual([401, 401, 404]);
    });
  });
});
