import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';

describe('the password of an account', () => {
  let app: TestApp;
  let accounts = 0;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const anyEmail = (): string => `s${accounts++}@example.com`;
  const register = (password: string, more: { email?: string; displayName?: string } = {}) =>
    app.post('/v1/auth/register', { email: anyEmail(), password, ...more });
  const signIn = async (email: string, password: string): Promise<number> =>
    (await app.post('/v1/auth/login', { email, password })).status;

  it.each([
    ['7 characters', 'x7$kQ2!', 422],
    ['8 characters', 'x7$kQ2!p', 201],
    ['128 characters', 'x7$kQ2!p'.repeat(16), 201],
    ['129 characters', `${'x7$kQ2!p'.repeat(16)}x`, 422],
    ['7 characters that take 14 units of UTF-16', '😀😁😂🤣😃😄😅', 422],
    ['128 characters that take 256 units of UTF-16', '😀😁😂🤣😃😄😅😆'.repeat(16), 201],
    ['129 characters that take 258 units of UTF-16', `${'😀😁😂🤣😃😄😅😆'.repeat(16)}😀`, 422],
    ['nothing', '', 422],
    ['a million characters', 'x7$kQ2!p'.repeat(125_000), 422],
  ])(
    'ASVS 6.2.1 and 6.2.9: takes 8 to 128 code points; answers %s with the right status',
    async (_, password, status) => {
      const answer = await register(password);

      expect(answer.status).toBe(status);
    },
  );

  it.each([
    ['small letters only', 'qhzvtkwm'],
    ['digits only', '83920174'],
    ['spaces within', 'qh zv tk wm'],
    ['spaces only', '         '],
    ['signs only', '!§$%&/()=?'],
    ['another script', 'пароль-на-сегодня'],
    ['no script at all', '🐢🐙🦉🐝🦊🐻🐼🐨'],
  ])('ASVS 6.2.5: allows any composition: %s', async (_, password) => {
    const answer = await register(password);

    expect(answer.status).toBe(201);
  });

  it.each([
    'password',
    'PASSWORD',
    'Password1',
    '12345678',
    '1234567890',
    'qwertyuiop',
    'iloveyou',
    'trustno1',
    'sunshine',
    'football',
    '1q2w3e4r',
    'letmein1',
    'princess',
    'superman',
  ])('ASVS 6.2.4: refuses %s, which is on the list of the common and breached', async (password) => {
    const answer = await register(password);

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer: '/password', detail: expect.stringContaining('common') }]);
  });

  it.each([
    ['the name of the service', 'my-LatchKey-login', {}],
    ['the own address', 'x grace@navy.example x', { email: 'grace@navy.example' }],
    ['the own address before the @', 'ilovegracehopper', { email: 'gracehopper@navy.example' }],
    ['the own name', 'xx-Hopper-99-xx', { displayName: 'Grace Hopper' }],
  ])('ASVS 6.2.11: refuses a password with %s in it', async (_, password, more) => {
    const answer = await register(password, more);

    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('/password');
  });

  it('ASVS 6.2.8: takes it exactly as typed: no trimming, no change of case, no cutting off', async () => {
    const email = anyEmail();
    const password = `  ${'Straße '.repeat(12)} `;
    await app.post('/v1/auth/register', { email, password });

    const exact = await signIn(email, password);
    const others = await Promise.all(
      [password.trim(), password.toLowerCase(), `${password} `, password.slice(0, 72)].map((other) =>
        signIn(email, other),
      ),
    );

    expect(exact).toBe(200);
    expect(others).toEqual([401, 401, 401, 401]);
  });

  it('ASVS 6.2.8: never normalises it: é typed as one character is not é typed as two', async () => {
    const email = anyEmail();
    await app.post('/v1/auth/register', { email, password: 'caf\u00e9 au lait' });

    const statuses = [await signIn(email, 'caf\u00e9 au lait'), await signIn(email, 'cafe\u0301 au lait')];

    expect(statuses).toEqual([200, 401]);
  });

  it('ASVS 6.2.8: reads all of a password, beyond a NUL and beyond 72 bytes', async () => {
    const email = anyEmail();
    const password = 'q'.repeat(72);
    await app.post('/v1/auth/register', { email, password: `${password}1` });

    const withNul = await app.post('/v1/auth/login', { email, password: `${password}1\0x` });
    const statuses = [await signIn(email, `${password}1`), await signIn(email, `${password}2`)];

    expect(withNul.status).toBe(400);
    expect(statuses).toEqual([200, 401]);
  });

  it('ASVS 6.2.3: asks for the current password before it is changed', async () => {
    const email = anyEmail();
    await app.post('/v1/auth/register', { email, password: PASSWORD });
    const { accessToken: token } = (await app.post('/v1/auth/login', { email, password: PASSWORD })).body;
    const change = async (currentPassword?: string) =>
      app.post('/v1/auth/password/change', { currentPassword, newPassword: 'a tall ship' }, { token });

    const wrong = await change('not this one');
    const missing = await change();
    const stillGood = await signIn(email, PASSWORD);

    expect([wrong.status, missing.status, stillGood]).toEqual([401, 422, 200]);
  });

  it('ASVS 6.2.4: checks a changed password as it checks a first one', async () => {
    const token = await app.signIn('customer');
    const change = async (newPassword: string): Promise<number> =>
      (await app.post('/v1/auth/password/change', { currentPassword: PASSWORD, newPassword }, { token }))
        .status;

    const statuses = [
      await change('short'),
      await change('iloveyou'),
      await change('latchkey-99'),
      await change('the customer is king'),
    ];

    expect(statuses).toEqual([422, 422, 422, 422]);
  });

  it('ASVS 11.4.2: stores argon2id hashes of at least 19 MiB and two passes, each with a salt of its own', async () => {
    await register(PASSWORD);
    await register(PASSWORD);

    const rows: { hash: string }[] = await app.database.query('SELECT hash FROM password_credentials');
    const salts = new Set(rows.map(({ hash }) => hash.split('$')[4]));

    expect(rows.every(({ hash }) => /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/.test(hash))).toBe(true);
    expect(salts.size).toBe(rows.length);
  });
});
