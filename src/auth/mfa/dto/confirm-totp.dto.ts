import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** That the authenticator app has the secret. */
export class ConfirmTotpDto {
  /** What it shows now. */
  @ApiProperty({ example: '287082' })
  @IsString()
  @MaxLength(64)
  code: string;
}
