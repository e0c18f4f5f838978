import { ApiProperty } from '@nestjs/swagger';

/** Authorization server metadata (RFC 8414 2), named as the RFC does. */
export class ServerMetadataDto {
  /** `iss` of the tokens. */
  @ApiProperty({ format: 'uri', example: 'https://api.shop.example' })
  issuer: string;

  @ApiProperty({ format: 'uri', example: 'https://api.shop.example/.well-known/jwks.json' })
  jwks_uri: string;

  @ApiProperty({ format: 'uri', example: 'https://api.shop.example/v1/oauth/revoke' })
  revocation_endpoint: string;

  @ApiProperty({ type: [String], example: ['client_secret_basic'] })
  revocation_endpoint_auth_methods_supported: string[];

  @ApiProperty({ format: 'uri', example: 'https://api.shop.example/v1/oauth/introspect' })
  introspection_endpoint: string;

  @ApiProperty({ type: [String], example: ['client_secret_basic'] })
  introspection_endpoint_auth_methods_supported: string[];

  /** None: nobody is sent here to sign in. */
  @ApiProperty({ type: [String], example: [] })
  response_types_supported: string[];

  /** None: left out, it would mean two that are not supported. */
  @ApiProperty({ type: [String], example: [] })
  grant_types_supported: string[];

  /** RFC 9449 5.1. */
  @ApiProperty({ type: [String], example: ['ES256', 'EdDSA', 'PS256', 'RS256'] })
  dpop_signing_alg_values_supported: string[];

  /** The metadata of the issuer at this address. */
  static of(issuer: string): ServerMetadataDto {
    const base = issuer.replace(/\/$/, '');
    return {
      issuer,
      jwks_uri: `${base}/.well-known/jwks.json`,
      revocation_endpoint: `${base}/v1/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
      introspection_endpoint: `${base}/v1/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      response_types_supported: [],
      grant_types_supported: [],
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    };
  }
}
