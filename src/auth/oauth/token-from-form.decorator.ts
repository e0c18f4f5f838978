import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { FormBody } from '../../http/form-body.js';
import { Problem } from '../../http/problem.js';

/** Ways to prove oneself in the form (RFC 6749 2.3.1, RFC 7521 4.2), which would come on top of HTTP Basic. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/**
 * The parameter `token` of a form (RFC 7009 2.1, RFC 7662 2.1). `token_type_hint` is not needed: our tokens show by
 * their form which kind they are. Parameters that we do not know are passed over, as RFC 6749 3.2 asks.
 * @throws Problem `invalid-request` without a token, and for credentials in the form (RFC 6749 2.3: one method only)
 */
export const TokenFromForm = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  // Without a body there is nothing to parse.
  const form = context.switchToHttp().getRequest<FastifyRequest<{ Body: FormBody | undefined }>>().body;
  if (CREDENTIALS.some((name) => form?.has(name))) {
    throw new Problem('invalid-request', 'Credentials are taken by HTTP Basic only, never from the form.');
  }
  const token = form?.get('token');
  if (token === undefined) {
    throw new Problem('invalid-request', 'The form has no parameter “token”.');
  }
  return token;
});
