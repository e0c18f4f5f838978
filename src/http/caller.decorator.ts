import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientIpOf } from './client-ip.js';

/** From where a request comes, for sessions and the audit log. */
export interface Caller {
  /** Client address; behind a trusted proxy the one that the proxy names. */
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Stands for the request, where there is one: by it is known what is still to be counted for it. */
  readonly request?: object;
}

/** Stands for a command on this machine, the seed or a schedule, where there is no request. */
export const LOCAL_COMMAND: Caller = { ip: 'local', userAgent: '', requestId: 'none' };

/** From where a request comes. */
export function callerOf(request: FastifyRequest): Caller {
  return {
    ip: clientIpOf(request),
    userAgent: request.headers['user-agent'] ?? '',
    requestId: request.id,
    request,
  };
}

/** For what goes on after the answer: the request is not kept in memory for it. */
export function withoutRequest({ ip, userAgent, requestId }: Caller): Caller {
  return { ip, userAgent, requestId };
}

/** The `Caller` of a request. */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
