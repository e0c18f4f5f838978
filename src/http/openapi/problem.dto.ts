import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One wrong value of the input. */
export class InputFaultDto {
  /** JSON pointer (RFC 6901) into the body, or `/query/<name>` for a query parameter. */
  @ApiProperty({ example: '/email' })
  pointer: string;

  @ApiProperty({ example: 'must be an email' })
  detail: string;
}

/** Problem details (RFC 9457): what every error answers with. */
export class ProblemDto {
  /** Address of an explanation on this server. */
  @ApiProperty({ example: '/problems/validation-failed', format: 'uri-reference' })
  type: string;

  @ApiProperty({ example: 'Validation failed' })
  title: string;

  @ApiProperty({ example: 422 })
  status: number;

  @ApiProperty({ example: 'Some values are not allowed: /email.' })
  detail: string;

  /** The request id, as in `X-Request-Id`. */
  @ApiProperty({ example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  instance: string;

  /** The last part of `type`, to branch on. */
  @ApiProperty({ example: 'validation-failed' })
  code: string;

  /** Under `/v1/oauth/` only: the error code of OAuth (RFC 6749 5.2). */
  @ApiPropertyOptional({ enum: ['invalid_request', 'invalid_client'], example: 'invalid_client' })
  error?: string;

  @ApiPropertyOptional({ type: [InputFaultDto] })
  errors?: InputFaultDto[];
}
