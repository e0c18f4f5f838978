/** One line of the structured log. */
export type LogLine = Readonly<Record<string, unknown>>;

const ERROR_LEVEL = 50;

/** The lines of a log, read. */
export function linesOf(log: readonly string[]): LogLine[] {
  return log
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine);
}

/** The lines that say something went wrong on our side. */
export function errorsIn(log: readonly string[]): LogLine[] {
  return linesOf(log).filter(({ level }) => Number(level) >= ERROR_LEVEL);
}
