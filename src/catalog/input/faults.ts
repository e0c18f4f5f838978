import { type InputFault, Problem } from '../../http/problem.js';

/** A JSON pointer (RFC 6901) to a value of the body. */
export function pointerTo(...path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** @throws Problem `validation-failed` that names every fault, where there is one */
export function refuseFaults(faults: readonly InputFault[]): void {
  if (faults.length > 0) {
    const names = faults.map(({ pointer }) => pointer).join(', ');
    throw new Problem('validation-failed', `Some values are not allowed: ${names}.`, { errors: faults });
  }
}

/** A value that something else has already, such as a slug: `conflict`, naming the field. */
export function takenValue(pointer: string, what: string, values: readonly string[]): Problem {
  const list = values.map((value) => `"${value}"`).join(', ');
  const detail = values.length === 1 ? `The ${what} ${list} is taken.` : `The ${what}s ${list} are taken.`;
  return new Problem('conflict', detail, { errors: [{ pointer, detail: 'is taken' }] });
}
