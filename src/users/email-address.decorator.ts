import { applyDecorators } from '@nestjs/common';
import { IsEmail, Matches } from 'class-validator';

/** An address that mail can be sent to, as it is written: without quotes, and without characters that nobody sees. */
export function IsEmailAddress(): PropertyDecorator {
  return applyDecorators(
    IsEmail(),
    Matches(/^[^"\p{Cc}\p{Cf}]*$/u, {
      message: '$property must not hold quotes, control or invisible characters',
    }),
  );
}
