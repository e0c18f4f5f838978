import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min, type ValidationOptions, registerDecorator } from 'class-validator';
import { parseDuration } from './duration.js';

/** A whole number between two bounds, both allowed. */
export function IsNumberBetween(min: number, max: number): PropertyDecorator {
  const message = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Number(value) : value)),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/** Seconds. */
export const DAY = 86_400;

/** A duration in seconds, written as `900`, `15m`, `12h` or `14d`, at most 365 days unless the most is given. */
export function IsDuration(minSeconds: number, maxSeconds = 365 * DAY): PropertyDecorator {
  const days = maxSeconds === DAY ? '1 day' : `${maxSeconds / DAY} days`;
  const message = `must be a duration of at least ${minSeconds} seconds and at most ${days}, such as 900, 15m, 12h or 1d`;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parseDuration(value) : value)),
    IsInt({ message }),
    Min(minSeconds, { message }),
    Max(maxSeconds, { message }),
  );
}

/** `true` or `false`, `1` or `0`, `on` or `off`. */
export function IsSwitch(): PropertyDecorator {
  const words: Readonly<Record<string, boolean>> = {
    true: true,
    '1': true,
    on: true,
    false: false,
    '0': false,
    off: false, // prettier-ignore
  };
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (words[value.toLowerCase()] ?? value) : value,
    ),
    IsThat((value) => typeof value === 'boolean', 'must be true or false'),
  );
}

/** Splits at commas and drops blanks: `a, b` becomes `['a', 'b']`. */
export function CommaSeparated(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : value,
  );
}

/** Any check as a decorator: `problem` is said when `accepts` returns false. */
export function IsThat(
  accepts: (value: unknown) => boolean,
  problem: string,
  options?: ValidationOptions,
): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isThat',
      target: target.constructor,
      propertyName: String(property),
      options,
      validator: { validate: accepts, defaultMessage: () => problem },
    });
}
