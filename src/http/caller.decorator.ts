import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** From where a request comes, for sessions and the audit log. */
export interface Caller {
  /** Client address; behind a trusted proxy the one that the proxy names. */
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** Stands for a command on this machine, or the seed, where there is no request. */
export const LOCAL_COMMAND: Caller = { ip: 'local', userAgent: '', requestId: 'none' };

/** The `Caller` of a request. */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The `Caller` of a request, where there is no parameter to decorate. */
export function callerOf({ ip, headers, id }: FastifyRequest): Caller {
  return { ip, userAgent: headers['user-agent'] ?? '', requestId: id };
}
