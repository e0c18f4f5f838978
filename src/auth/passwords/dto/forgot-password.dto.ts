import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** Whose password is forgotten. */
export class ForgotPasswordDto {
  @ApiProperty({ format: 'email', example: 'admin@latchkey.example' })
  @IsString()
  @MaxLength(254)
  email: string;
}
