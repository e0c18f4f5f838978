/** One kind of error: its HTTP status, and what `/problems/<code>` says about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
  /** What OAuth calls it (RFC 6749 5.2): the extension member `error` (RFC 9457 3.2). */
  readonly error?: string;
}

/** Every error code of the API. A code is stable: clients branch on it (RFC 9457 3.1.1). */
export const PROBLEM_KINDS = {
  'bad-request': {
    status: 400,
    title: 'Bad request',
    meaning:
      'The request could not be read: broken JSON, a damaged cursor, a header or path that makes no sense.',
  },
  'validation-failed': {
    status: 422,
    title: 'Validation failed',
    meaning:
      'The request was read, but some values are not allowed. `errors` names each one by JSON pointer.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    meaning: 'This route needs an access token: send `Authorization: Bearer <token>`.',
  },
  'invalid-token': {
    status: 401,
    title: 'Invalid token',
    meaning:
      'The token is malformed, expired, used, revoked or not ours. An access token: refresh it, or sign in again. A token from a mail: ask for another.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'Invalid credentials',
    meaning: 'The address or the password is wrong, or the account may not sign in. We do not say which.',
  },
  'mfa-required': {
    status: 401,
    title: 'Second factor required',
    meaning:
      'The password is right, and the account has a second factor: send a code of the authenticator app, or a recovery code, as `code`.',
  },
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    meaning:
      'A form for `/v1/oauth/` lacks a parameter, repeats one, or cannot be read. `error` is the code of RFC 6749 5.2.',
    error: 'invalid_request',
  },
  'invalid-client': {
    status: 401,
    title: 'Invalid client',
    meaning:
      'This route is for services: send the id and secret of one by HTTP Basic. `error` is the code of RFC 6749 5.2.',
    error: 'invalid_client',
  },
  'invalid-dpop-proof': {
    status: 401,
    title: 'Invalid DPoP proof',
    meaning:
      'The session is bound to a key (RFC 9449), and the `DPoP` header with the proof is missing, wrong or used already. ' +
      'Make a new proof for each request.',
  },
  'insufficient-user-authentication': {
    status: 401,
    title: 'Insufficient user authentication',
    meaning:
      'The password was proved too long ago for this. Send it to `POST /v1/auth/reauthenticate`, then repeat with the ' +
      'new token.',
  },
  'refresh-token-reused': {
    status: 401,
    title: 'Refresh token reused',
    meaning:
      'A refresh token that was already used came back, so it may be stolen: its session has been ended.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    meaning: 'You are signed in, but your roles do not allow this.',
  },
  'origin-not-allowed': {
    status: 403,
    title: 'Origin not allowed',
    meaning: 'A browser sent this from a site that is not in CORS_ORIGINS.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such resource, or it is not yours to see.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    meaning: 'The request contradicts what is there, such as a slug or an address that is taken.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    meaning: 'Somebody else changed it first: `If-Match` names another version. Read it again, then repeat.',
  },
  'payload-too-large': {
    status: 413,
    title: 'Payload too large',
    meaning: 'The body is larger than this route takes.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'Send JSON with `Content-Type: application/json`; under `/v1/oauth/` a form instead.',
  },
  'precondition-required': {
    status: 428,
    title: 'Precondition required',
    meaning: 'This change needs `If-Match` with the ETag you read, so that nobody’s change is lost.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    meaning: 'A rate limit is used up. Wait as many seconds as `Retry-After` says.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    meaning: 'Something failed on our side. The request id finds it in the log.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    meaning:
      'The server cannot answer right now: it is starting, stopping, overloaded, or its database is away.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEM_KINDS;

/** Whether a text is one of our codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEM_KINDS, text);
}
