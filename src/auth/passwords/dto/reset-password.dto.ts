import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** The token from the mail, and the new password. */
export class ResetPasswordDto {
  /** What stands after `#token=` in the link. */
  @ApiProperty({ example: '4kQJ3bX0m7nYVtqk2wZc8uHs5rLd9aEoPfGi1jTx6vM' })
  @IsString()
  @MaxLength(1024)
  token: string;

  /** 8 to 128 characters of any kind; common passwords and your own name or address are refused. */
  @ApiProperty({ format: 'password', example: 'a tall ship and a star to steer her by' })
  @IsString()
  newPassword: string;
}
