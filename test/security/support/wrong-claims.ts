import fc from 'fast-check';

const noText = fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.object(), fc.array(fc.string()));
const noId = fc.oneof(fc.string(), noText);
const noTime = fc.oneof(
  fc.string(),
  fc.constantFrom(null, true, -1, 1e308, 1.5, 253_402_300_800),
  fc.double({ max: -1, noNaN: true }),
  fc.object(),
);
const noVersion = fc.oneof(fc.string(), fc.constantFrom(null, true, 0, -1, 1.5, 1e308), fc.object());
const noRoles = fc.oneof(
  fc.string(),
  fc.double(),
  fc.object(),
  fc.array(fc.string({ minLength: 9 }), { minLength: 1 }),
);

/** One claim of an access token, as no token of ours ever says it. */
export const wrongClaim: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  claim('iss', fc.oneof(fc.string(), noText)),
  claim('aud', fc.oneof(fc.string(), fc.double(), fc.object())),
  claim('sub', noId),
  claim('sid', noId),
  claim('jti', noId),
  claim('iat', noTime),
  claim('exp', noTime),
  claim('ver', noVersion),
  claim('roles', noRoles),
  claim('nbf', fc.oneof(fc.string(), fc.constantFrom(null, true, -1, 1e308), fc.object())),
);

function claim(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  return value.map((wrong) => ({ [name]: wrong }));
}
