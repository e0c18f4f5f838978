import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { SignedIn } from '../auth.service.js';

/** The tokens of a session. */
export class TokensDto {
  /** Send it as `Authorization: Bearer <token>`. Keep it in memory, not in storage that scripts can read. */
  @ApiProperty({
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Ii4uLiJ9.eyJpc3MiOiIuLi4ifQ.c2lnbmF0dXJl',
  })
  accessToken: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  tokenType: 'Bearer';

  /** Seconds until the access token expires. */
  @ApiProperty({ type: 'integer', example: 900 })
  expiresIn: number;

  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  sessionId: string;

  /** Only with `"delivery": "body"`. */
  @ApiPropertyOptional({ example: 'sVq3m0i3S5yJqR6oZ2Zq4l0gW8m9m1c1w7bB1r8yK4E' })
  refreshToken?: string;

  /** The answer for a session: with the refresh token only where it travels in the body. */
  static from({ accessToken, expiresIn, session, refreshToken }: SignedIn): TokensDto {
    return {
      accessToken,
      tokenType: 'Bearer',
      expiresIn,
      sessionId: session.id,
      ...(session.delivery === 'body' && { refreshToken }),
    };
  }
}
