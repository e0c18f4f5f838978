import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';

/** The refresh token of a native app; browsers send none, theirs is in the cookie. */
export class RefreshDto {
  @ApiPropertyOptional({ example: 'sVq3m0i3S5yJqR6oZ2Zq4l0gW8m9m1c1w7bB1r8yK4E' })
  @ValidateIf(({ refreshToken }: RefreshDto) => refreshToken !== undefined)
  @IsString()
  @MaxLength(1024)
  refreshToken?: string;
}
