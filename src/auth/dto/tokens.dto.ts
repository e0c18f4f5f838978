import { ApiPropertyOptional } from '@nestjs/swagger';
import type { SignedIn } from '../auth.service.js';
import { AccessTokenDto } from './access-token.dto.js';

/** The tokens of a session. */
export class TokensDto extends AccessTokenDto {
  /** Only with `"delivery": "body"`. */
  @ApiPropertyOptional({ example: 'sVq3m0i3S5yJqR6oZ2Zq4l0gW8m9m1c1w7bB1r8yK4E' })
  refreshToken?: string;

  /** The answer for a session: with the refresh token only where it travels in the body. */
  static from(signedIn: SignedIn): TokensDto {
    const { session, refreshToken } = signedIn;
    return { ...AccessTokenDto.of(signedIn), ...(session.delivery === 'body' && { refreshToken }) };
  }
}
