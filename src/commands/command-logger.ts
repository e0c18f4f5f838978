import { pino } from 'pino';
import { AuditLog } from '../audit/audit-log.js';
import type { Settings } from '../config/settings.js';
import { NestLogger, createLogger } from '../operations/logger.js';

/** The log of a command, on stderr: what went wrong and what belongs into the audit log, and nothing of Nest's start. */
export class CommandLogger extends NestLogger {
  constructor(settings: Settings) {
    super(createLogger(settings, pino.destination({ fd: 2, sync: true })));
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === AuditLog.CONTEXT) {
      super.log(message, ...rest);
    }
  }

  // What keeps Nest from starting is said by the command itself.
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== 'ExceptionHandler') {
      super.error(message, ...rest);
    }
  }
}
