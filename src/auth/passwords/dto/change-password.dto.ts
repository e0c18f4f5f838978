import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** The old password and the new. */
export class ChangePasswordDto {
  @ApiProperty({ format: 'password', example: 'correct horse battery staple' })
  @IsString()
  @MaxLength(1024)
  currentPassword: string;

  /** 8 to 128 characters of any kind; common passwords and your own name or address are refused. */
  @ApiProperty({ format: 'password', example: 'a tall ship and a star to steer her by' })
  @IsString()
  newPassword: string;
}
