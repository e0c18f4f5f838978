import { pino } from 'pino';
import type { Settings } from '../config/settings.js';
import { NestLogger, createLogger } from '../operations/logger.js';

/** A logger for commands: faults and the lines of the audit log on standard error; standard output is the command's own. */
export function auditToStandardError(settings: Settings): NestLogger {
  return new CommandLogger(createLogger(settings, pino.destination({ fd: 2, sync: true })));
}

class CommandLogger extends NestLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === 'Audit') {
      super.log(message, ...rest);
    }
  }
}
