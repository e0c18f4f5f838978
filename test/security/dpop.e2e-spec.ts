import { type KeyObject, KeyObject as Key, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { DpopKey, type ProofParts, athOf } from '../support/dpop-key.js';
import { type Part, encodePart, signToken, signWithSecret } from './support/crafted-token.js';
import { errorsIn, linesOf } from './support/log-lines.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

const CHALLENGE = 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA PS256 RS256"';
const TOKEN_CHALLENGE = 'DPoP error="invalid_token", algs="ES256 EdDSA PS256 RS256"';

describe('tokens that are bound to a key', () => {
  let app: TestApp;
  let key: DpopKey;
  let signingKey: KeyObject;
  let uri: string;
  let userId: string;
  let token: string;
  let unbound: string;
  beforeAll(async () => {
    app = await startTestApp();
    uri = `${app.url}/v1/users/me`;
    key = await DpopKey.make(app.clock);
    signingKey = Key.from(key.privateKey);
    userId = await app.register('ada@example.com');
    token = await signIn(key);
    unbound = (await app.login('ada@example.com')).accessToken;
  });
  afterAll(() => app.close());

  async function signIn(with_: DpopKey): Promise<string> {
    const { body } = await with_.send(app, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD, delivery: 'body' },
    });
    return body.accessToken;
  }

  const call = (dpop: string, authorization = `DPoP ${token}`): Promise<Answer> =>
    app.get('/v1/users/me', { headers: { authorization, dpop } });
  const goodHeader = () => ({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicJwk });
  const goodPayload = () => ({
    jti: randomUUID(),
    htm: 'GET',
    htu: uri,
    iat: app.clock.seconds(),
    ath: athOf(token),
  });
  /** A proof with a right signature, whatever it says; `undefined` removes a member. */
  const proofWith = ({ header, payload }: ProofParts): string =>
    signToken({ ...goodHeader(), ...header }, { ...goodPayload(), ...payload }, signingKey);
  /** A proof with a right signature over exactly these parts. */
  const proofOf = (header: Part, payload: Part): string => signToken(header, payload, signingKey);

  async function expectRefused(dpop: string): Promise<void> {
    const answer = await call(dpop);

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid-dpop-proof');
    expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
  }

  it('RFC 9449 4.3: accepts a proof that is right, so that the refusals below mean something', async () => {
    const statuses = [
      (await call(proofWith({}))).status,
      (await call(proofOf(goodHeader(), goodPayload()))).status,
      (await call(await key.proof('GET', uri, token))).status,
    ];

    expect(statuses).toEqual([200, 200, 200]);
  });

  it('RFC 9449 4.3: accepts JSON as other libraries write it', async () => {
    const spaced = JSON.stringify(goodPayload(), null, 2).replaceAll('/', String.raw`\/`);
    const fraction = { ...goodPayload(), iat: app.clock.now() / 1000 };

    const statuses = [
      (await call(proofOf(goodHeader(), spaced))).status,
      (await call(proofOf(goodHeader(), fraction))).status,
      (await call(proofWith({ payload: { nonce: 'x', exp: 1, unknown: [{}] } }))).status,
    ];

    expect(statuses).toEqual([200, 200, 200]);
  });

  it('RFC 9449 4.3 (1): refuses a request without a proof, and one with two', async () => {
    const without = await app.get('/v1/users/me', { headers: { authorization: `DPoP ${token}` } });
    const lines = [`Host: ${new URL(app.url).host}`, 'Connection: close', `Authorization: DPoP ${token}`];
    const two = await sendRaw(
      app.url,
      [
        'GET /v1/users/me HTTP/1.1',
        ...lines,
        `DPoP: ${proofWith({})}`,
        `dpop: ${proofWith({})}`,
        '',
        '',
      ].join('\r\n'),
    );
    const one = await sendRaw(
      app.url,
      ['GET /v1/users/me HTTP/1.1', ...lines, `DPoP: ${proofWith({})}`, '', ''].join('\r\n'),
    );

    expect(without.body.code).toBe('invalid-dpop-proof');
    expect([without.status, two.status, one.status]).toEqual([401, 401, 200]);
    expect(two.text).toContain('invalid-dpop-proof');
  });

  it.each<[string, (proof: string) => string]>([
    ['nothing', () => ''],
    ['a word', () => 'proof'],
    ['two proofs in a list', (proof) => `${proof}, ${proof}`],
    ['two parts', (proof) => proof.split('.').slice(0, 2).join('.')],
    ['no signature', (proof) => `${proof.split('.').slice(0, 2).join('.')}.`],
    ['four parts', (proof) => `${proof}.e30`],
    ['padding', (proof) => `${proof}=`],
    ['plain base64', (proof) => proof.replace(/[^.]+$/, (part) => `+${part.slice(1)}`)],
    ['a JWS in JSON', (proof) => JSON.stringify({ payload: proof.split('.')[1] })],
    ['a JWE', (proof) => `${proof}.e30.e30`],
    ['header and payload changed places', (proof) => proof.replace(/^([^.]+)\.([^.]+)/, '$2.$1')],
  ])('RFC 9449 4.3 (2): refuses %s for a compact JWS', async (_, change) => {
    await expectRefused(change(proofWith({})));
  });

  it.each<[string, Part]>([
    ['no object', '[]'],
    ['null', 'null'],
    ['a text', '"proof"'],
    ['broken JSON', '{"jti":"x"'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['nothing', ' '],
  ])('RFC 9449 4.3 (2): refuses a header or payload that is %s', async (_, part) => {
    await expectRefused(proofOf(part, goodPayload()));
    await expectRefused(proofOf(goodHeader(), part));
  });

  it('RFC 7515 4: refuses a name that comes twice, however it is written', async () => {
    const header = JSON.stringify(goodHeader());
    const payload = JSON.stringify(goodPayload());

    await expectRefused(proofOf(header.replace('{', '{"typ":"JWT",'), payload));
    await expectRefused(proofOf(header, payload.replace('{', '{"htm":"POST",')));
    await expectRefused(proofOf(header, payload.replace('{', String.raw`{"\u0068tm":"POST",`)));
    await expectRefused(proofOf(header.replace('"kty"', '"kty":"RSA","kty"'), payload));
  });

  it('RFC 9449 4.3 (2): refuses a proof of more than 4,096 characters', async () => {
    const shortest = proofWith({ payload: { x: '' } }).length;
    const fits = 'x'.repeat(Math.floor(((4096 - shortest) * 3) / 4) - 2);

    const longest = proofWith({ payload: { x: fits } });
    const longer = proofWith({ payload: { x: `${fits}xxxxx` } });

    expect(longest.length).toBeLessThanOrEqual(4096);
    expect(longer.length).toBeGreaterThan(4096);
    expect((await call(longest)).status).toBe(200);
    await expectRefused(longer);
  });

  it.each(['jti', 'htm', 'htu', 'iat', 'ath'])(
    'RFC 9449 4.3 (3): refuses a proof without %s',
    async (name) => {
      await expectRefused(proofWith({ payload: { [name]: undefined } }));
      await expectRefused(proofWith({ payload: { [name]: null } }));
    },
  );

  it.each(['alg', 'jwk'])('RFC 9449 4.3 (3): refuses a proof without %s', async (name) => {
    await expectRefused(proofWith({ header: { [name]: undefined } }));
  });

  it.each([undefined, null, '', 'JWT', 'at+jwt', 'dpop', 'application/dpop+jwt', ['dpop+jwt'], 'dpop+jwt '])(
    'RFC 9449 4.3 (4): refuses typ %j',
    async (typ) => {
      await expectRefused(proofWith({ header: { typ } }));
    },
  );

  it('RFC 9449 4.3 (4): refuses the access token itself, and a proof as an access token', async () => {
    const proof = proofWith({});

    await expectRefused(token);
    const asToken = await app.get('/v1/users/me', { token: proof });

    expect(asToken.status).toBe(401);
  });

  it.each(['none', 'None', 'HS256', 'HS512', 'ES384', 'ES256K', 'PS512', 'RS1', 'es256', '', 1, ['ES256']])(
    'RFC 9449 4.3 (5): refuses alg %j',
    async (alg) => {
      await expectRefused(proofWith({ header: { alg } }));
    },
  );

  it('RFC 9449 4.3 (5): refuses a proof that is signed with a secret, or not at all', async () => {
    const secret = 'a secret that everybody can read here';
    const k = Buffer.from(secret).toString('base64url');
    const header = { ...goodHeader(), alg: 'HS256', jwk: { kty: 'oct', k } };

    await expectRefused(signWithSecret(header, goodPayload(), secret));
    await expectRefused(
      signWithSecret({ ...goodHeader(), alg: 'HS256' }, goodPayload(), JSON.stringify(key.publicJwk)),
    );
    await expectRefused(`${encodePart({ ...goodHeader(), alg: 'none' })}.${encodePart(goodPayload())}.`);
  });

  it.each(['ES256', 'EdDSA', 'PS256', 'RS256'])(
    'RFC 9449 4.3 (6): refuses a signature of another key than the one in the header: %s',
    async (algorithm) => {
      const [mine, another] = [
        await DpopKey.make(app.clock, algorithm),
        await DpopKey.make(app.clock, algorithm),
      ];
      const own = await signIn(mine);
      const wrong = await another.proof('GET', uri, own, { header: { jwk: mine.publicJwk } });
      const right = await mine.proof('GET', uri, own);

      const statuses = [
        (await call(wrong, `DPoP ${own}`)).status,
        (await call(`${right.slice(0, -8)}AAAAAAAA`, `DPoP ${own}`)).status,
        (await call(right, `DPoP ${own}`)).status,
      ];

      expect(statuses).toEqual([401, 401, 200]);
    },
  );

  it('RFC 7518 3.4: refuses an ECDSA signature in DER', async () => {
    const input = `${encodePart(goodHeader())}.${encodePart(goodPayload())}`;

    await expectRefused(`${input}.${sign('sha256', Buffer.from(input), signingKey).toString('base64url')}`);
  });

  it('RFC 9449 4.3 (7): refuses a key with a private part', async () => {
    const { d = '' } = signingKey.export({ format: 'jwk' });

    await expectRefused(proofWith({ header: { jwk: { ...key.publicJwk, d } } }));
    await expectRefused(proofWith({ header: { jwk: { ...key.publicJwk, d: '' } } }));
    await expectRefused(proofWith({ header: { jwk: { ...key.publicJwk, k: 'AAAA' } } }));
  });

  it.each([
    null,
    'text',
    [],
    {},
    { kty: 'EC' },
    { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' },
    { kty: 'EC', crv: 'P-256', x: 1, y: 2 },
    { kty: 'EC', crv: 'secp256k1' },
    { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
    { kty: 'RSA', n: 'A'.repeat(342), e: 'AQAB' },
    { kty: 'oct', k: 'A'.repeat(43) },
    { jku: 'https://evil.example/keys' },
  ])('RFC 9449 4.3 (7): refuses jwk %j', async (jwk) => {
    await expectRefused(proofWith({ header: { jwk } }));
  });

  it('RFC 7518 6.2.1: refuses a point that is not on the curve, or on another curve', async () => {
    const { x = '' } = key.publicJwk;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const header = { ...goodHeader(), jwk: publicKey.export({ format: 'jwk' }) };

    await expectRefused(proofWith({ header: { jwk: { ...key.publicJwk, y: x } } }));
    await expectRefused(signToken(header, goodPayload(), privateKey));
  });

  it.each([
    [1024, 65_537],
    [2040, 65_537],
    [2048, 3],
    [4104, 65_537],
  ])(
    'RFC 7518 3.3: refuses an RSA key of %i bits with the exponent %i',
    async (modulusLength, publicExponent) => {
      const pair = generateKeyPairSync('rsa', { modulusLength, publicExponent });
      const header = { ...goodHeader(), alg: 'RS256', jwk: pair.publicKey.export({ format: 'jwk' }) };
      const input = `${encodePart(header)}.${encodePart(goodPayload())}`;
      const signature = sign('sha256', Buffer.from(input), pair.privateKey).toString('base64url');

      const answer = await call(`${input}.${signature}`);

      expect(answer.status).toBe(401);
      expect(answer.body.detail).toMatch(/public key of that algorithm that is strong enough/);
    },
  );

  it('RFC 9449 4.3 (7): takes RSA keys of 2048 and of 4096 bits', async () => {
    const statuses: number[] = [];
    for (const bits of [2048, 4096]) {
      const rsa = await DpopKey.make(app.clock, 'RS256', bits);
      statuses.push((await rsa.send(app, 'GET', '/v1/users/me', { token: await signIn(rsa) })).status);
    }

    expect(statuses).toEqual([200, 200]);
  });

  it('RFC 8725 3.1: refuses the signature of one RSA algorithm under the name of another', async () => {
    const pss = await DpopKey.make(app.clock, 'PS256');
    const own = await signIn(pss);
    const [header, payload, signature] = (await pss.proof('GET', uri, own)).split('.');
    const renamed = Buffer.from(header ?? '', 'base64url')
      .toString()
      .replace('PS256', 'RS256');

    const answer = await call(`${encodePart(renamed)}.${payload}.${signature}`, `DPoP ${own}`);

    expect(answer.status).toBe(401);
  });

  it('RFC 7515 4.1.11: refuses crit, whatever is in it', async () => {
    await expectRefused(proofWith({ header: { crit: ['b64'], b64: false } }));
    await expectRefused(proofWith({ header: { crit: [] } }));
  });

  it.each(['POST', 'get', 'GET ', 'HEAD', '*', '', ['GET'], true])(
    'RFC 9449 4.3 (8): refuses htm %j for GET',
    async (htm) => {
      await expectRefused(proofWith({ payload: { htm } }));
    },
  );

  it.each<[string, (uri: URL) => unknown]>([
    ['another path', ({ origin }) => `${origin}/v1/users`],
    ['the path in other letters', ({ origin }) => `${origin}/v1/Users/me`],
    ['a path with more', ({ href }) => `${href}/x`],
    ['a slash too much', ({ href }) => `${href}/`],
    ['another scheme', ({ host }) => `https://${host}/v1/users/me`],
    ['another port', ({ hostname }) => `http://${hostname}:1/v1/users/me`],
    ['another host', () => 'http://evil.example/v1/users/me'],
    ['our host as a user', ({ host }) => `http://${host}@evil.example/v1/users/me`],
    ['a user', ({ host }) => `http://user@${host}/v1/users/me`],
    ['no scheme', ({ host }) => `//${host}/v1/users/me`],
    ['the path alone', () => '/v1/users/me'],
    ['a slash in an escape', ({ origin }) => `${origin}/v1%2Fusers/me`],
    ['backslashes', ({ host }) => `http:\\\\${host}\\v1\\users\\me`],
    ['a backslash', ({ origin }) => `${origin}/v1\\users/me`],
    ['a space before', ({ href }) => ` ${href}`],
    ['a line end', ({ href }) => `${href}\n`],
    ['too many slashes', ({ host }) => `http:///${host}/v1/users/me`],
    ['a list', ({ href }) => [href]],
    ['nothing', () => ''],
  ])('RFC 9449 4.3 (9): refuses an htu with %s', async (_, write) => {
    await expectRefused(proofWith({ payload: { htu: write(new URL(uri)) } }));
  });

  it.each<[string, (uri: URL) => string]>([
    ['a query', ({ href }) => `${href}?a=b`],
    ['a fragment', ({ href }) => `${href}#x`],
    ['the scheme in capitals', ({ href }) => href.replace('http', 'HTTP')],
    ['escaped letters', ({ origin }) => `${origin}/v1/%75sers/%6D%65`],
    ['dot segments', ({ origin }) => `${origin}/v1/./auth/../users/me`],
  ])('RFC 9449 4.3 (9): accepts an htu with %s, which is the same after normalisation', async (_, write) => {
    const answer = await call(proofWith({ payload: { htu: write(new URL(uri)) } }));

    expect(answer.status).toBe(200);
  });

  it('RFC 9449 4.3 (9): compares with the address that was asked for, escapes and all', async () => {
    const path = '/v1/products/caf%c3%a9';
    const send = async (htu: string) =>
      app.get(path, {
        headers: { authorization: `DPoP ${token}`, dpop: await key.proof('GET', `${app.url}${htu}`, token) },
      });

    const answers = [await send('/v1/products/caf%C3%A9'), await send('/v1/products/cafe')];

    expect(answers.map(({ status }) => status)).toEqual([404, 401]);
  });

  it('RFC 9449 4.3 (9): believes nobody who is no trusted proxy what the server is called', async () => {
    const dpop = await key.proof('GET', 'https://evil.example/v1/users/me', token);

    const answer = await app.get('/v1/users/me', {
      headers: {
        authorization: `DPoP ${token}`,
        dpop,
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example',
      },
    });

    expect(answer.status).toBe(401);
  });

  it.each([
    [-3600, 401],
    [-62, 401],
    [-55, 200],
    [55, 200],
    [62, 401],
    [3600, 401],
  ])('RFC 9449 4.3 (11): answers a proof made %i s from now with %i', async (seconds, status) => {
    const answer = await call(proofWith({ payload: { iat: app.clock.seconds() + seconds } }));

    expect(answer.status).toBe(status);
  });

  it.each(['now', '1800000000', -1, 1e308, true, [], {}])(
    'RFC 9449 4.3 (11): refuses iat %j',
    async (iat) => {
      await expectRefused(proofWith({ payload: { iat } }));
    },
  );

  it('RFC 9449 4.3 (12): refuses a proof for another access token', async () => {
    const another = await signIn(key);

    await expectRefused(proofWith({ payload: { ath: athOf(another) } }));
    await expectRefused(proofWith({ payload: { ath: athOf('') } }));
    await expectRefused(proofWith({ payload: { ath: `${athOf(token)}=` } }));
    await expectRefused(
      proofWith({ payload: { ath: Buffer.from(athOf(token), 'base64url').toString('hex') } }),
    );
    await expectRefused(proofWith({ payload: { ath: [athOf(token)] } }));
  });

  it('RFC 9449 4.3 (12): refuses a good proof of another key than the token is bound to', async () => {
    const thief = await DpopKey.make(app.clock);

    await expectRefused(await thief.proof('GET', uri, token));
  });

  it.each(['', 1, [], {}, true, 'x'.repeat(129)])('RFC 9449 4.2: refuses jti %j', async (jti) => {
    await expectRefused(proofWith({ payload: { jti } }));
  });

  it('RFC 9449 4.2: accepts a jti of 128 characters', async () => {
    const answer = await call(proofWith({ payload: { jti: randomUUID().padEnd(128, 'x') } }));

    expect(answer.status).toBe(200);
  });

  it('RFC 9449 11.1: accepts a proof once', async () => {
    const proof = proofWith({});

    const first = await call(proof);

    expect(first.status).toBe(200);
    await expectRefused(proof);
    app.clock.advance({ seconds: 50 });
    await expectRefused(proof);
  });

  it('RFC 9449 11.1: knows a jti again, whatever else the proof says', async () => {
    const jti = randomUUID();

    const first = await call(proofWith({ payload: { jti } }));

    expect(first.status).toBe(200);
    await expectRefused(proofWith({ payload: { jti, iat: app.clock.seconds() + 20 } }));
  });

  it('RFC 9449 11.1: takes the same jti from two clients, who cannot know of each other', async () => {
    const jti = randomUUID();
    const other = await DpopKey.make(app.clock);
    const own = await signIn(other);

    const first = await call(proofWith({ payload: { jti } }));
    const second = await call(await other.proof('GET', uri, own, { payload: { jti } }), `DPoP ${own}`);

    expect([first.status, second.status]).toEqual([200, 200]);
  });

  it('RFC 9449 11.1: accepts one of 20 that come with one proof at the same time', async () => {
    const proof = proofWith({});

    const answers = await Promise.all(Array.from({ length: 20 }, () => call(proof)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  });

  it('RFC 9449 11.1: accepts the proof of a sign-in once', async () => {
    const dpop = await key.proof('POST', `${app.url}/v1/auth/login`);
    const login = () =>
      app.post('/v1/auth/login', { email: 'ada@example.com', password: PASSWORD }, { headers: { dpop } });

    const answers = [await login(), await login()];

    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
    expect(answers[1]?.headers.get('www-authenticate')).toBe(CHALLENGE);
  });

  it('RFC 9449 7.1: refuses a token that is not bound but comes as one', async () => {
    const answer = await call(await key.proof('GET', uri, unbound), `DPoP ${unbound}`);

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid-token');
    expect(answer.headers.get('www-authenticate')).toBe(TOKEN_CHALLENGE);
  });

  it('RFC 9449 7.2: refuses a token that is bound but comes as a bearer token, with a proof or without', async () => {
    const without = await app.get('/v1/users/me', { token });
    const withProof = await call(await key.proof('GET', uri, token), `Bearer ${token}`);

    expect([without.status, withProof.status]).toEqual([401, 401]);
    expect([without.body.code, withProof.body.code]).toEqual(['invalid-token', 'invalid-token']);
    expect(without.headers.get('www-authenticate')).toBe(TOKEN_CHALLENGE);
  });

  it('RFC 9449 7.1: reads a token that comes as a bearer token as ever, with a DPoP header or without', async () => {
    const answer = await call('whatever', `Bearer ${unbound}`);

    expect(answer.status).toBe(200);
  });

  it.each(['dpop', 'DPOP', 'dPoP'])('RFC 9110 11.1: takes the scheme %s in any case', async (scheme) => {
    const answer = await call(proofWith({}), `${scheme} ${token}`);

    expect(answer.status).toBe(200);
  });

  it.each<[string, (sent: string) => string[]]>([
    ['two headers', (sent) => [`DPoP ${sent}`, `DPoP ${sent}`]],
    ['a bearer token beside it', (sent) => [`DPoP ${sent}`, `Bearer ${sent}`]],
    ['two schemes in one header', (sent) => [`DPoP ${sent}, Bearer ${sent}`]],
    ['a parameter', (sent) => [`DPoP ${sent}, algs="ES256"`]],
    ['a scheme glued to the token', (sent) => [`DPoP${sent}`]],
    ['the scheme twice', (sent) => [`DPoP DPoP ${sent}`]],
    ['no token', () => ['DPoP']],
  ])('RFC 9449 7.1: refuses an Authorization header with %s', async (_, write) => {
    const lines = write(token).map((value) => `Authorization: ${value}`);

    const { status } = await sendRaw(
      app.url,
      rawRequest('GET', '/v1/users/me', [...lines, `DPoP: ${proofWith({})}`]).replace(
        'Host: localhost',
        `Host: ${new URL(app.url).host}`,
      ),
    );

    expect(status).toBe(401);
  });

  it.each(['x.y.z', 'e30.e30.AAAA'])(
    'RFC 9449 7.1: answers the token %s with the challenge of its scheme',
    async (bad) => {
      const answer = await call(proofWith({}), `DPoP ${bad}`);

      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('invalid-token');
      expect(answer.headers.get('www-authenticate')).toBe(TOKEN_CHALLENGE);
    },
  );

  it('RFC 9449 7.1: asks for a new proof at every request, though the token is remembered', async () => {
    const statuses: number[] = [];
    for (let request = 0; request < 3; request++) {
      statuses.push((await call(proofWith({}))).status);
      statuses.push((await call(proofWith({ payload: { ath: 'x' } }))).status);
    }

    expect(statuses).toEqual([200, 401, 200, 401, 200, 401]);
  });

  it('RFC 9449 6.1: refuses a token whose binding is cut off, as the signature says', async () => {
    const [header, payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const cut = `${header}.${encodePart({ ...claims, cnf: undefined })}.${signature}`;

    const answer = await app.get('/v1/users/me', { token: cut });

    expect(answer.status).toBe(401);
  });

  it('ASVS 16.3.2: the log says whose token came without its key', async () => {
    const answer = await app.get('/v1/users/me', { token });
    const requestId = answer.headers.get('x-request-id');

    expect(linesOf(app.log)).toContainEqual(
      expect.objectContaining({ audit: 'dpop-proof-refused', level: 40, userId, requestId, ip: '127.0.0.1' }),
    );
  });

  it('ASVS 16.3.2: the log says which session was to be refreshed without its key', async () => {
    const { body } = await key.send(app, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD, delivery: 'body' },
    });

    const answer = await app.post('/v1/auth/refresh', { refreshToken: body.refreshToken });

    expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
    expect(linesOf(app.log)).toContainEqual(
      expect.objectContaining({
        audit: 'dpop-proof-refused',
        userId,
        sessionId: body.sessionId,
        requestId: answer.headers.get('x-request-id'),
      }),
    );
  });

  it('RFC 8725 3.10: finds nothing unexpected in any of these proofs', () => {
    expect(errorsIn(app.log)).toEqual([]);
  });
});
