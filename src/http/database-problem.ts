import { Problem } from './problem.js';
import { unavailable } from './unavailable.js';

// A statement that was cancelled, a transaction that idled or went on for too long: what an operator's timeouts come to.
const TOO_LONG: ReadonlySet<string> = new Set(['57014', '25P03', '25P04']);

/** Whether the database has given something up because it took too long: half of it may not. */
export function tookTooLong(error: unknown): boolean {
  return TOO_LONG.has(sqlStateOf(error) ?? '');
}

/** The problem behind an error of PostgreSQL, or `null` where it is no such error or a fault of ours. */
export function databaseProblem(error: unknown): Problem | null {
  const state = sqlStateOf(error);
  if (state === null) {
    return null;
  }
  // PostgreSQL documentation, appendix A: the first two characters are the class.
  if (state.startsWith('22')) {
    return new Problem('bad-request', 'A value cannot be stored as it is.');
  }
  if (state === '23505') {
    return new Problem('conflict', 'It is already there.');
  }
  // 55P03 is what an operator's lock_timeout comes to.
  if (['40001', '40P01', '55P03'].includes(state)) {
    return unavailable('Others were changing the same thing; try again.');
  }
  if (TOO_LONG.has(state)) {
    return unavailable('It took too long; try again.');
  }
  if (/^(08|53|57P|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EHOST)/.test(state)) {
    return unavailable('The database cannot be reached right now.');
  }
  return null;
}

/** The SQLSTATE (or system error code) of a failed query, looked for where pg and TypeORM put it. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) {
    return null;
  }
  const code = memberOf(causeOf(error), 'code');
  if (code !== null && !code.startsWith('FST_')) {
    return code;
  }
  // pg says these two without a code.
  return /Connection terminated|timeout exceeded when trying to connect/.test(error.message) ? '08006' : null;
}

/** The constraint that a failed statement broke, or `null`. */
export function brokenConstraintOf(error: unknown): string | null {
  return memberOf(causeOf(error), 'constraint');
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && 'driverError' in error ? error.driverError : error;
}

function memberOf(error: unknown, name: string): string | null {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : null;
}
