import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** Proof that it is really the owner who asks. */
export class CurrentPasswordDto {
  @ApiProperty({ format: 'password', example: 'correct horse battery staple' })
  @IsString()
  @MaxLength(1024)
  currentPassword: string;
}
