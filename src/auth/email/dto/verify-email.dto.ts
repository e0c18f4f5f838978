import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** The token from the mail. */
export class VerifyEmailDto {
  /** What stands after `#token=` in the link. */
  @ApiProperty({ example: '4kQJ3bX0m7nYVtqk2wZc8uHs5rLd9aEoPfGi1jTx6vM' })
  @IsString()
  @MaxLength(1024)
  token: string;
}
