import { createHmac, createPrivateKey, createPublicKey, createSecretKey, verify } from 'node:crypto';
import { type TestApp, startTestApp } from '../support/app.js';
import { partsOf, signToken } from './support/crafted-token.js';
import { errorsIn } from './support/log-lines.js';

const PAYLOAD =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

/** RFC 7515 A.1: HS256. */
const HS256_KEY = Buffer.from(
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
  'base64url',
);
const HS256_TOKEN = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`;

/** RFC 7515 A.3: ES256. */
const ES256_KEY = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
  },
});
const ES256_TOKEN =
  `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}.` +
  'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';

/** RFC 7515 A.5 and RFC 7519 6.1: not signed at all. */
const UNSECURED_TOKEN = `eyJhbGciOiJub25lIn0.${PAYLOAD}.`;

describe('tokens and keys of others', () => {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startTestApp();
    token = await app.signIn('customer');
  });
  afterAll(() => app.close());

  const statusOf = async (one: string): Promise<number> =>
    (await app.get('/v1/users/me', { token: one })).status;

  it('RFC 7515 A.1: are what the RFC has signed, so that the refusals below mean something', () => {
    const [input = '', signature = ''] = [HS256_TOKEN, ES256_TOKEN].map((one) =>
      one.slice(0, one.lastIndexOf('.')),
    );
    const [hmac = '', ecdsa = ''] = [HS256_TOKEN, ES256_TOKEN].map((one) => one.split('.')[2]);

    expect(createHmac('sha256', HS256_KEY).update(input).digest('base64url')).toBe(hmac);
    expect(
      verify(
        'sha256',
        Buffer.from(signature),
        { key: createPublicKey(ES256_KEY), dsaEncoding: 'ieee-p1363' },
        Buffer.from(ecdsa, 'base64url'),
      ),
    ).toBe(true);
  });

  it.each([
    ['RFC 7515 A.1: the HS256 example', HS256_TOKEN],
    ['RFC 7515 A.3: the ES256 example', ES256_TOKEN],
    ['RFC 7515 A.5: the unsecured example', UNSECURED_TOKEN],
  ])('%s is refused', async (_, example) => {
    expect(await statusOf(example)).toBe(401);
  });

  it.each([
    ['RFC 7515 A.1: the HS256 key', 'HS256', createSecretKey(HS256_KEY)],
    ['RFC 7515 A.3: the ES256 key', 'ES256', ES256_KEY],
  ])('%s of the RFC opens nothing, with our claims and under our kid', async (_, alg, key) => {
    const { header, payload } = partsOf(token);

    const forged = signToken({ ...header, alg }, payload, key);

    expect(await statusOf(forged)).toBe(401);
    expect(await statusOf(token)).toBe(200);
  });

  it('RFC 7515 5.2: leave no error in the log', () => {
    expect(errorsIn(app.log)).toEqual([]);
  });
});
