import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, IsNull } from 'typeorm';
import { v7 } from 'uuid';
import { AuditLog } from '../../audit/audit-log.js';
import { LOCAL_COMMAND } from '../../http/caller.decorator.js';
import { Problem, invalidField } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { Clock } from '../../time/clock.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import type { ClientCredentials } from './client-credentials.js';
import { PRIVATE_CLAIMS, type PrivateClaim, ServiceClient } from './service-client.entity.js';

const NO_ID = '00000000-0000-0000-0000-000000000000';
const NO_DIGEST = Buffer.alloc(32);

/** Services and their credentials: made and taken back by whoever runs this, proved at each request. */
@Injectable()
export class ServiceClientsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes a service; its secret (256 bits from the CSPRNG) is known to nobody afterwards.
   * @throws Problem `validation-failed` for a name or a claim that is not allowed
   */
  async create(name: string, claims: readonly string[]): Promise<{ client: ServiceClient; secret: string }> {
    const secret = makeOpaqueToken();
    const client = this.dataSource.manager.create(ServiceClient, {
      id: v7(),
      name: checkName(name),
      secretDigest: digestOf(secret),
      claims: checkClaims(claims),
      createdAt: this.clock.date(),
      revokedAt: null,
    });
    await this.dataSource.manager.insert(ServiceClient, client);
    this.audit.record('client-created', { clientId: client.id }, LOCAL_COMMAND);
    return { client, secret };
  }

  /** Every service, also those taken back, the oldest first. */
  async list(): Promise<ServiceClient[]> {
    return this.dataSource.manager.find(ServiceClient, { order: { id: 'ASC' } });
  }

  /** Takes a service's credentials back, on every process at once. @throws Problem `not-found` where none are alive */
  async revoke(id: string): Promise<void> {
    const { affected } = await this.dataSource.manager.update(
      ServiceClient,
      { id: isUuid(id) ? id : NO_ID, revokedAt: IsNull() },
      { revokedAt: this.clock.date() },
    );
    if (!affected) {
      throw new Problem('not-found', 'There is no living service with this id.');
    }
    this.audit.record('client-revoked', { clientId: id }, LOCAL_COMMAND);
  }

  /**
   * The service that these credentials belong to, or `null`. It is asked of the database each time, so that a service
   * that was taken back is refused at once; an unknown id, a wrong secret and a service taken back go the same way.
   */
  async authenticate({ id, secret }: ClientCredentials): Promise<ServiceClient | null> {
    const client = await this.dataSource.manager.findOneBy(ServiceClient, { id: isUuid(id) ? id : NO_ID });
    const isRight = timingSafeEqual(digestOf(secret), client?.secretDigest ?? NO_DIGEST);
    return isRight && client?.revokedAt === null ? client : null;
  }
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (!/^[^\p{Control}]{1,100}$/u.test(trimmed)) {
    throw invalidField('/name', 'must be 1 to 100 characters, none of them a control character');
  }
  return trimmed;
}

function checkClaims(claims: readonly string[]): PrivateClaim[] {
  const unknown = claims.find((claim) => !PRIVATE_CLAIMS.some((known) => known === claim));
  if (unknown !== undefined) {
    throw invalidField('/claims', `may be ${PRIVATE_CLAIMS.join(', ')}; not ${unknown}`);
  }
  return PRIVATE_CLAIMS.filter((claim) => claims.includes(claim));
}
