import { constants, createHmac, sign } from 'node:crypto';
import { KeyAdministrationService } from '../../src/auth/tokens/keys/key-administration.service.js';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { LOCAL_COMMAND } from '../../src/http/caller.decorator.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { encodePart, partsOf } from './support/crafted-token.js';
import { linesOf } from './support/log-lines.js';

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

describe('a signing key', () => {
  let app: TestApp;
  let admin: string;
  afterEach(() => app.close());

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    app = await startTestApp(environment);
    admin = await app.signIn('admin');
  }

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;

  it('ASVS 13.3.4: verifies what it has signed after it was rotated, and nothing once its time is over', async () => {
    await start({ ACCESS_TOKEN_TTL: '15m' });
    // As if it had been signed with a longer life: only the end of its key can refuse it.
    const { header, payload } = partsOf(admin);
    const { signingKey } = app.nest.get(KeyRing).signingKey();
    const input = `${encodePart(header)}.${encodePart({ ...payload, exp: Number(payload['exp']) + 3600 })}`;
    const signature = sign('sha256', Buffer.from(input), { key: signingKey, dsaEncoding: 'ieee-p1363' });
    const longLived = `${input}.${signature.toString('base64url')}`;

    await app.post('/v1/keys/rotate', undefined, { token: admin });
    app.clock.advance({ minutes: 14 });
    const asPrevious = [await statusOf(admin), await statusOf(longLived)];
    app.clock.advance({ minutes: 7, seconds: 55 });
    const almostOver = await statusOf(longLived);
    app.clock.advance({ seconds: 10 });
    const over = [await statusOf(longLived), await statusOf(admin)];

    expect(asPrevious).toEqual([200, 200]);
    expect(almostOver).toBe(200);
    expect(over).toEqual([401, 401]);
  });

  it('ASVS 13.3.4: verifies nothing from the moment it is retired, remembered tokens included', async () => {
    await start();
    const before = await statusOf(admin);

    await app.nest.get(KeyAdministrationService).retire(String(partsOf(admin).header['kid']), {
      caller: LOCAL_COMMAND,
    });

    expect(before).toBe(200);
    expect(await statusOf(admin)).toBe(401);
  });

  it('ASVS 16.3.1: is written of in the audit log when it is made, rotated and retired, with who did so', async () => {
    await start();
    const first = String(partsOf(admin).header['kid']);
    const byUserId = partsOf(admin).payload['sub'];

    const rotated = await app.post('/v1/keys/rotate', undefined, { token: admin });
    await app.nest.get(KeyAdministrationService).retire(first, { caller: LOCAL_COMMAND });
    const lines = linesOf(app.log).filter(({ audit }) => String(audit).startsWith('key-'));

    const requestId = rotated.headers.get('x-request-id');
    const { kid } = rotated.body;
    expect(lines).toEqual([
      expect.objectContaining({ audit: 'key-made', kid: first, algorithm: 'ES256', ip: 'local' }),
      expect.objectContaining({
        audit: 'key-made',
        kid,
        algorithm: 'ES256',
        byUserId,
        ip: '127.0.0.1',
        requestId,
      }),
      expect.objectContaining({ audit: 'key-rotated', kid, byUserId, ip: '127.0.0.1', requestId }),
      expect.objectContaining({ audit: 'key-retired', kid: first, ip: 'local' }),
    ]);
  });

  it.each([
    ['PS256', 'RS256'],
    ['RS256', 'PS256'],
  ])('RFC 8725 3.1: for %s verifies no %s, though RSA could do both', async (algorithm, other) => {
    await start({ JWT_ALGORITHM: algorithm });
    const { header, payload } = partsOf(admin);
    const { signingKey: key } = app.nest.get(KeyRing).signingKey();
    const signed = (alg: string, padding: object): string => {
      const input = `${encodePart({ ...header, alg })}.${encodePart(payload)}`;
      return `${input}.${sign('sha256', Buffer.from(input), { key, ...padding }).toString('base64url')}`;
    };
    const paddings: Readonly<Record<string, object>> = { RS256: {}, PS256: PSS };

    const own = await statusOf(signed(algorithm, paddings[algorithm] ?? {}));
    const named = await statusOf(signed(other, paddings[other] ?? {}));
    const unnamed = await statusOf(signed(algorithm, paddings[other] ?? {}));

    expect([own, named, unnamed]).toEqual([200, 401, 401]);
  });

  it('RFC 7518 3.5: for PS256 verifies no signature whose salt is of another length', async () => {
    await start({ JWT_ALGORITHM: 'PS256' });
    const { header, payload } = partsOf(admin);
    const { signingKey: key } = app.nest.get(KeyRing).signingKey();
    const input = `${encodePart(header)}.${encodePart(payload)}`;

    const statuses = await Promise.all(
      [0, 20, 64].map((saltLength) => {
        const signature = sign('sha256', Buffer.from(input), { key, ...PSS, saltLength });
        return statusOf(`${input}.${signature.toString('base64url')}`);
      }),
    );

    expect(statuses).toEqual([401, 401, 401]);
  });

  it.each(['RS256', 'PS256', 'EdDSA'])(
    'RFC 8725 3.1: for %s verifies no HS256 with its public part as the secret',
    async (algorithm) => {
      await start({ JWT_ALGORITHM: algorithm });
      const { header, payload } = partsOf(admin);
      const ring = app.nest.get(KeyRing);
      const { verifyingKey } = ring.signingKey();
      const secrets = [
        verifyingKey.export({ format: 'pem', type: 'spki' }),
        verifyingKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify(verifyingKey.export({ format: 'jwk' })),
        JSON.stringify(ring.publicKeys()[0]),
      ];
      const input = `${encodePart({ ...header, alg: 'HS256' })}.${encodePart(payload)}`;

      const statuses = await Promise.all(
        secrets.map((secret) =>
          statusOf(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`),
        ),
      );

      expect(statuses).toEqual([401, 401, 401, 401]);
    },
  );
});
