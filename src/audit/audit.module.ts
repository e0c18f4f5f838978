import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';

/** What happened, kept in the log. */
@Global()
@Module({ providers: [AuditLog], exports: [AuditLog] })
export class AuditModule {}
