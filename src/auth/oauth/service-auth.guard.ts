import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AuditLog, type AuditSubject } from '../../audit/audit-log.js';
import { callerOf } from '../../http/caller.decorator.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { ServiceFailureLimiter } from '../../throttling/service-failure-limiter.js';
import { AccessRules } from '../guards/access-rules.js';
import { type ClientCredentials, clientCredentialsOf, invalidClient } from './client-credentials.js';
import type { ServiceRequest } from './current-service.decorator.js';
import { ServiceClientsService } from './service-clients.service.js';

/** On routes that are `@ForServices()`: lets in who proves to be one, by HTTP Basic only. */
@Injectable()
export class ServiceAuthGuard implements CanActivate {
  constructor(
    private readonly rules: AccessRules,
    private readonly clients: ServiceClientsService,
    private readonly failures: ServiceFailureLimiter,
    private readonly audit: AuditLog,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    if (!this.rules.of(context).isForServices) {
      return true;
    }
    const http = context.switchToHttp();
    http.getResponse<FastifyReply>().header('cache-control', 'no-store');
    return this.authenticate(http.getRequest<ServiceRequest>());
  }

  private async authenticate(request: ServiceRequest): Promise<true> {
    await this.failures.refuseGuesser(request);
    const credentials = clientCredentialsOf(request);
    const client = credentials && (await this.clients.authenticate(credentials));
    if (!client) {
      this.audit.record('client-authentication-failed', subjectOf(credentials), callerOf(request));
      await this.failures.countFailure(request);
      throw invalidClient();
    }
    request.service = client;
    return true;
  }
}

// Whatever is no id may be a secret in the wrong place.
function subjectOf(credentials: ClientCredentials | null): AuditSubject {
  return credentials && isUuid(credentials.id) ? { clientId: credentials.id } : {};
}
