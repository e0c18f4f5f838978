import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ServiceClient } from './service-client.entity.js';

/** A request after `ServiceAuthGuard`: with the service that sent it, on a route for services. */
export type ServiceRequest = FastifyRequest & { service?: ServiceClient };

/** The service that calls. @throws Error on a route that is not `@ForServices()`, where nobody has proved to be one */
export const CurrentService = createParamDecorator((_: unknown, context: ExecutionContext): ServiceClient => {
  const { service } = context.switchToHttp().getRequest<ServiceRequest>();
  if (!service) {
    throw new Error('A route reads the calling service without being @ForServices().');
  }
  return service;
});
