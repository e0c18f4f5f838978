import { ApiProperty } from '@nestjs/swagger';
import type { GrantedAccess } from '../auth.service.js';

/** An access token of a session. */
export class AccessTokenDto {
  /** Send it as `Authorization: <tokenType> <token>`. Keep it in memory, not in storage that scripts can read. */
  @ApiProperty({
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Ii4uLiJ9.eyJpc3MiOiIuLi4ifQ.c2lnbmF0dXJl',
  })
  accessToken: string;

  /** `DPoP` where the sign-in brought a proof (RFC 9449): then each request needs one too. */
  @ApiProperty({ enum: ['Bearer', 'DPoP'], example: 'Bearer' })
  tokenType: 'Bearer' | 'DPoP';

  /** Seconds until the access token expires. */
  @ApiProperty({ type: 'integer', example: 900 })
  expiresIn: number;

  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  sessionId: string;

  /** The answer for a session that goes on with its refresh token as it is. */
  static of({ accessToken, expiresIn, session }: GrantedAccess): AccessTokenDto {
    const tokenType = session.jkt === null ? 'Bearer' : 'DPoP';
    return { accessToken, tokenType, expiresIn, sessionId: session.id };
  }
}
