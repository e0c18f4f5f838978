import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { isInheritedName } from './json-body.js';
import { type InputFault, Problem } from './problem.js';

/** How many parameters a query may have. */
export const MAX_PARAMETERS = 100;

/** Checks every body and query against its DTO, refuses what the DTO does not name, and says all faults at once. */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: false, value: false },
    });
  }

  override async transform(sent: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // No body at all is judged as an empty one: what is missing is then named.
    const value = sent === undefined && metadata.type === 'body' ? {} : sent;
    if (metadata.type === 'body' && this.toValidate(metadata) && !isObject(value)) {
      throw new Problem('validation-failed', 'The body must be a JSON object.', {
        errors: [{ pointer: '', detail: 'must be a JSON object' }],
      });
    }
    if (metadata.type === 'query' && isObject(value)) {
      refuseUnsafeQuery(Object.keys(value));
    }
    const prefix = metadata.type === 'query' ? '/query' : '';
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      throw error instanceof ValidationFailure ? error.toProblem(prefix) : error;
    }
  }

  override createExceptionFactory() {
    return (errors: ValidationError[] = []) => new ValidationFailure(errors);
  }
}

class ValidationFailure extends Error {
  constructor(private readonly validationErrors: readonly ValidationError[]) {
    super('validation failed');
  }

  toProblem(prefix: string): Problem {
    const errors = this.validationErrors.flatMap((error) => faultsOf(error, prefix));
    const names = errors.map(({ pointer }) => pointer.replace(/^\/query/, '')).join(', ');
    return new Problem('validation-failed', `Some values are not allowed: ${names}.`, { errors });
  }
}

/** One fault a field, its rules joined into one sentence. */
export function faultsOf(
  { property, constraints, children = [] }: ValidationError,
  prefix: string,
): InputFault[] {
  const pointer = `${prefix}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const details = Object.entries(constraints ?? {}).map(([rule, message]) =>
    rule === 'whitelistValidation' ? 'is not a known field' : withoutName(property, message),
  );
  const own = details.length > 0 ? [{ pointer, detail: [...new Set(details)].join('; ') }] : [];
  return [...own, ...children.flatMap((child) => faultsOf(child, pointer))];
}

// Messages of class-validator begin with the name of the field; ours begin with what they say.
function withoutName(name: string, message: string): string {
  const ofEach = `each value in ${name} `;
  if (message.startsWith(ofEach)) {
    return `each value ${message.slice(ofEach.length)}`;
  }
  return message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
}

// What validation would take too long over, or not see at all.
function refuseUnsafeQuery(names: readonly string[]): void {
  if (names.length > MAX_PARAMETERS) {
    throw new Problem('bad-request', `The query has more than ${MAX_PARAMETERS} parameters.`);
  }
  const errors = names
    .filter(isInheritedName)
    .map((name) => ({ pointer: `/query/${name}`, detail: 'is not a known field' }));
  if (errors.length > 0) {
    throw new Problem('validation-failed', 'Some parameters are not allowed.', { errors });
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
