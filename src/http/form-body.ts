import { Problem } from './problem.js';

/** The largest form, in bytes. */
export const FORM_LIMIT = 16_384;

/** The parameters of a form by name; what was sent without a value is as if it were not there (RFC 6749 3.2). */
export type FormBody = ReadonlyMap<string, string>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a form (`application/x-www-form-urlencoded`) as the endpoints of OAuth take it.
 * @throws Problem `invalid-request` for what is not UTF-8, and for a parameter that comes twice (RFC 6749 3.2)
 */
export function readFormBody(bytes: Buffer): FormBody {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(decode(bytes))) {
    if (form.has(name)) {
      throw new Problem('invalid-request', 'A parameter of the form comes more than once.');
    }
    form.set(name, value);
  }
  return new Map([...form].filter(([, value]) => value !== ''));
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem('invalid-request', 'The form is not UTF-8.');
  }
}
