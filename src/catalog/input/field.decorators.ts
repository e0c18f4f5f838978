import { applyDecorators } from '@nestjs/common';
import { type ClassConstructor, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
  isISO8601,
  isRFC3339, // prettier-ignore
} from 'class-validator';
import { IsThat } from '../../config/setting-decorators.js';
import { isJsonObject } from '../merge-patch.js';
import { isSlug } from '../slug.js';

/** A field that may be left out, but not be `null` (which `@IsOptional()` lets pass). */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined);
}

/** One line of text: 1 to `max` characters, something to see among them, no control characters. */
export function IsLine(max: number): PropertyDecorator {
  return applyDecorators(
    IsString(),
    MaxLength(max),
    Matches(/^(?=[^]*[^\s\p{Cc}\p{Cf}])\P{Cc}+$/u, {
      message: 'must not be blank or hold control characters',
    }),
  );
}

/** A slug that a client chose. */
export function IsSlug(): PropertyDecorator {
  return IsThat(
    (value) => typeof value === 'string' && isSlug(value),
    'must be lower-case letters a to z and digits, joined by single hyphens, 200 characters at most, and not look like an id',
  );
}

/** A point in time (RFC 3339) since 1970, to the millisecond. */
export function IsInstant(): PropertyDecorator {
  return IsThat(
    (value) =>
      typeof value === 'string' &&
      isRFC3339(value) &&
      isISO8601(value, { strict: true, strictSeparator: true }) &&
      new Date(value).getTime() >= 0,
    'must be a time such as 2026-01-31T12:00:00Z, not before 1970 (RFC 3339)',
  );
}

/** An object of class `type`, with its own checks. */
export function IsNested(type: () => ClassConstructor<object>): PropertyDecorator {
  const message = 'must be an object';
  return applyDecorators(IsThat(isJsonObject, message), ValidateNested({ message }), Type(type));
}

/** A list of at most `max` objects of class `type`, each with its own checks. */
export function IsNestedList(type: () => ClassConstructor<object>, max: number): PropertyDecorator {
  const areObjects = (value: unknown) => Array.isArray(value) && value.every(isJsonObject);
  return applyDecorators(
    IsArray(),
    ArrayMaxSize(max),
    IsThat(areObjects, 'must hold objects only'),
    ValidateNested({ message: 'must be an object' }),
    Type(type),
  );
}

/** An object with names of the client's own choice. */
export function IsFreeObject(): PropertyDecorator {
  return IsThat(isJsonObject, 'must be an object');
}
