import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { Forge, hs256Settings } from './support/crafted-token.js';
import { errorsIn } from './support/log-lines.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

const RFC_PAYLOAD =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

describe('a malformed access token', () => {
  let app: TestApp;
  let forge: Forge;
  let token: string;
  beforeAll(async () => {
    app = await startTestApp(hs256Settings());
    token = await app.signIn('customer');
    forge = new Forge(token, app.nest.get(KeyRing).signingKey());
  });
  afterAll(() => app.close());

  const statusOf = async (sent: string): Promise<number> =>
    (await app.get('/v1/users/me', { token: sent })).status;

  it('RFC 7515 3.1: is told from a good one, which is accepted', async () => {
    const status = await statusOf(forge.withRawPayload(JSON.stringify(forge.payload)));

    expect(status).toBe(200);
  });

  it.each([
    ['one dot more', (good: string) => `${good}.`],
    ['two dots more', (good: string) => `${good}..`],
    ['two parts more, as an encrypted token has', (good: string) => `${good}.e30.e30`],
    ['a dot in front', (good: string) => `.${good}`],
    ['base64 padding', (good: string) => `${good}=`],
    ['padding in each part', (good: string) => good.replaceAll('.', '==.')],
    ['percent encoding', (good: string) => good.replaceAll('.', '%2E')],
    ['the alphabet of plain base64', (good: string) => good.replace(/.$/, '/').replace(/^./, '+')],
    ['a character that base64 skips', (good: string) => `${good.slice(0, 30)}!${good.slice(30)}`],
    ['a tilde within', (good: string) => `${good.slice(0, 30)}~${good.slice(30)}`],
    ['a space within', (good: string) => `${good.slice(0, 30)} ${good.slice(30)}`],
    ['a tab within', (good: string) => `${good.slice(0, 30)}\t${good.slice(30)}`],
    ['quotes around', (good: string) => `"${good}"`],
    ['another character after the last bit', nonCanonical],
    ['itself twice', (good: string) => good + good],
    ['8,193 dots', () => '.'.repeat(8193)],
    ['8,193 letters', () => 'a'.repeat(8193)],
  ])('RFC 7515 2: refuses a token with %s', async (_, damage) => {
    const status = await statusOf(damage(token));

    expect(status).toBe(401);
  });

  it('RFC 9112 5.2: refuses a header folded over two lines', async () => {
    const [header = '', rest = ''] = [token.slice(0, 40), token.slice(40)];

    const answer = await sendRaw(
      app.url,
      rawRequest('GET', '/v1/users/me', [`Authorization: Bearer ${header}`, ` ${rest}`]),
    );

    expect(answer.status).toBe(400);
  });

  it('RFC 8725 3.3: refuses a token over 8 kB though its signature is right, and takes one below', async () => {
    const short = forge.token({ payload: { filler: 'x'.repeat(4000) } });
    const long = forge.token({ payload: { filler: 'x'.repeat(8000) } });

    const statuses = [await statusOf(short), await statusOf(long)];

    expect(statuses).toEqual([200, 401]);
  });

  it('RFC 9112 3: answers a token over 16 kB with 431', async () => {
    const status = await statusOf('a'.repeat(17_000));

    expect(status).toBe(431);
  });

  it.each([
    ['first', (text: string) => text.replace('{', '{"sub":"x",')],
    ['last', (text: string) => text.replace(/\}$/, ',"roles":["admin"]}')],
    ['written with an escape', (text: string) => text.replace('{', String.raw`{"\u0073ub":"x",`)],
    [
      'beside a number that grows when it is read',
      (text: string) => text.replace('{', '{"a":1e18,"jti":"xxxxxx",'),
    ],
    ['within an object', (text: string) => text.replace('{', '{"cnf":{"jkt":"a","jkt":"a"},')],
  ])('RFC 7519 4: refuses a claim that comes twice, the doubled one %s', async (_, double) => {
    const doubled = forge.withRawPayload(double(JSON.stringify(forge.payload)));

    const status = await statusOf(doubled);

    expect(status).toBe(401);
  });

  it.each(['alg', 'typ', 'kid'])('RFC 7515 4: refuses a header in which %s comes twice', async (name) => {
    const text = JSON.stringify(forge.header).replace('{', `{"${name}":"none",`);

    const status = await statusOf(forge.withRawHeader(text));

    expect(status).toBe(401);
  });

  it.each([
    ['a byte that UTF-8 never has', Buffer.from([0x22, 0xff, 0x22])],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['half a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a character cut off', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
  ])('RFC 7519 7.2: refuses a payload that is not UTF-8: %s', async (_, bytes) => {
    const text = JSON.stringify(forge.payload);
    const payload = Buffer.concat([Buffer.from(`${text.slice(0, -1)},"x":`), bytes, Buffer.from('}')]);

    const status = await statusOf(forge.withRawPayload(payload));

    expect(status).toBe(401);
  });

  it.each([
    '',
    ' ',
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    '[{}]',
    '{',
    '{}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '/**/{}',
    '{}{}',
    '\u0000',
    '\uFEFF{}',
    `${'['.repeat(3000)}${']'.repeat(3000)}`,
    `{"a":${'['.repeat(5000)}`,
    `{"__proto__":{"sub":"x"}}`,
  ])('RFC 7519 7.2: refuses a payload or header that is %.20j', async (text) => {
    const statuses = [await statusOf(forge.withRawPayload(text)), await statusOf(forge.withRawHeader(text))];

    expect(statuses).toEqual([401, 401]);
  });

  it.each([
    [
      '7515 A.1',
      `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${RFC_PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
    ],
    [
      '7515 A.3',
      `eyJhbGciOiJFUzI1NiJ9.${RFC_PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
    ],
    [
      '7519 3.1',
      `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${RFC_PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
    ],
    ['7519 6.1', `eyJhbGciOiJub25lIn0.${RFC_PAYLOAD}.`],
  ])('RFC %s: refuses the example token', async (_, example) => {
    const status = await statusOf(example);

    expect(status).toBe(401);
  });

  it('RFC 8725 3.3: finds nothing unexpected in any of these tokens', () => {
    const errors = errorsIn(app.log);

    expect(errors).toEqual([]);
  });
});

/** The same bytes in other letters: the last letter of an HMAC-SHA-256 signature has two bits that say nothing. */
function nonCanonical(good: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return good.slice(0, -1) + letters.charAt(letters.indexOf(good.slice(-1)) + 1);
}
