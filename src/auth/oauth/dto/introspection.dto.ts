import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ROLES, type Role } from '../../../users/role.js';

/** The key that a token is bound to. */
export class ConfirmationDto {
  /** JWK thumbprint (RFC 7638), SHA-256, base64url. */
  @ApiProperty({ example: 'qXd3Hf0mVtZ5L7pB1yJc8sN4wR6uK2aE9oG0iT3xYzA' })
  jkt: string;
}

/** What a service is told of a token (RFC 7662 2.2). One that is not active is `{"active": false}` and nothing more. */
export class IntrospectionDto {
  /** Whether the token may be used right now. */
  @ApiProperty({ example: true })
  active: boolean;

  @ApiPropertyOptional({ example: 'https://api.shop.example' })
  iss?: string;

  /** Access tokens only. */
  @ApiPropertyOptional({ example: 'latchkey' })
  aud?: string;

  /** User id. */
  @ApiPropertyOptional({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  sub?: string;

  /** Access tokens only. */
  @ApiPropertyOptional({ format: 'uuid', example: '4f0f6f0e-94a2-4f0c-9f0b-0c9d3a3b0a58' })
  jti?: string;

  /** Seconds since 1970. */
  @ApiPropertyOptional({ type: 'integer', example: 1795485842 })
  iat?: number;

  /** Seconds since 1970. */
  @ApiPropertyOptional({ type: 'integer', example: 1795486742 })
  exp?: number;

  /** Access tokens only: whatever has none must not be taken for one. `DPoP` where the token is bound to a key. */
  @ApiPropertyOptional({ enum: ['Bearer', 'DPoP'], example: 'Bearer' })
  token_type?: 'Bearer' | 'DPoP';

  /** When the password was last proved, in seconds since 1970 (RFC 9470 6.2). Access tokens only. */
  @ApiPropertyOptional({ type: 'integer', example: 1795485842 })
  auth_time?: number;

  /** The key that the token is bound to (RFC 9449 6.2): the caller has to show a proof of it. */
  @ApiPropertyOptional({ type: ConfirmationDto })
  cnf?: ConfirmationDto;

  /** Only for services made with `--claim roles`. */
  @ApiPropertyOptional({ enum: ROLES, isArray: true, example: ['customer'] })
  roles?: readonly Role[];

  /** Session id; only for services made with `--claim sid`. */
  @ApiPropertyOptional({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  sid?: string;

  /** Only for services made with `--claim email`. */
  @ApiPropertyOptional({ format: 'email', example: 'ada@shop.example' })
  email?: string;
}
