import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';

/** The password of whoever is signed in. */
export class ReauthenticateDto {
  @ApiProperty({ format: 'password', example: 'correct horse battery staple' })
  @IsString()
  @MaxLength(1024)
  password: string;

  /** Where the account has a second factor: what the authenticator app shows, or a recovery code. */
  @ApiPropertyOptional({ example: '287082' })
  @ValidateIf(({ code }: ReauthenticateDto) => code !== undefined)
  @IsString()
  @MaxLength(64)
  code?: string;
}
