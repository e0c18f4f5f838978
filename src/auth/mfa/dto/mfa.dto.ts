import { ApiProperty } from '@nestjs/swagger';

/** What there is of your second factor. */
export class MfaDto {
  @ApiProperty({ example: true })
  enabled: boolean;

  @ApiProperty({ type: 'integer', example: 10 })
  recoveryCodesLeft: number;
}

/** What an authenticator app is set up with; shown this once. */
export class TotpSecretDto {
  /** To be typed in. */
  @ApiProperty({ example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' })
  secret: string;

  /** To be shown as a QR code. */
  @ApiProperty({
    example:
      'otpauth://totp/api.shop.example:ada%40shop.example?issuer=api.shop.example&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  })
  uri: string;
}

/** Codes that stand in for the second factor, each once; shown this once. */
export class RecoveryCodesDto {
  @ApiProperty({ type: [String], example: ['GEZDGN-BVGY3T-QOJQGE-ZDGNBV'] })
  recoveryCodes: string[];
}
