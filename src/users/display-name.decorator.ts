import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength } from 'class-validator';

/** A name to show: 1 to 100 characters, not blank, no control characters. */
export function IsDisplayName(): PropertyDecorator {
  return applyDecorators(
    IsString(),
    MaxLength(100),
    Matches(/^(?=[^]*\S)\P{Cc}+$/u, { message: 'displayName must not be blank or hold control characters' }),
  );
}
