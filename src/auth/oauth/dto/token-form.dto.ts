import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The form of introspection and revocation (RFC 7662 2.1, RFC 7009 2.1). */
export class TokenFormDto {
  /** An access token or a refresh token. */
  @ApiProperty({ example: 'sVq3m0i3S5yJqR6oZ2Zq4l0gW8m9m1c1w7bB1r8yK4E' })
  token: string;

  /** Taken, and not needed: our tokens show by their form which kind they are. */
  @ApiPropertyOptional({ example: 'refresh_token' })
  token_type_hint?: string;
}
