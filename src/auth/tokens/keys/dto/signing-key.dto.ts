import { ApiProperty } from '@nestjs/swagger';
import { JWT_ALGORITHMS, type JwtAlgorithm } from '../../../../config/settings.js';
import type { KeyDescription, KeyState } from '../ring-key.js';

const STATES: readonly KeyState[] = ['next', 'current', 'previous'];

/** A signing key, as an administrator sees it: nothing of it that is secret. */
export class SigningKeyDto {
  @ApiProperty({ example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  kid: string;

  @ApiProperty({ enum: JWT_ALGORITHMS, example: 'ES256' })
  algorithm: JwtAlgorithm;

  /** `next` is published and does not sign yet, `current` signs, `previous` verifies what it has signed. */
  @ApiProperty({ enum: STATES, example: 'next' })
  state: KeyState;

  /** `null` for a key of SIGNING_KEYS_FILE. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-24T09:30:00.000Z' })
  createdAt: string | null;

  /** `null` for a key of SIGNING_KEYS_FILE. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-24T09:36:00.000Z' })
  signsFrom: string | null;

  /** When it leaves the ring; `null` while it has no successor. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  verifiesUntil: string | null;

  /** Picks what may leave. */
  static from(key: KeyDescription): SigningKeyDto {
    return {
      kid: key.kid,
      algorithm: key.algorithm,
      state: key.state,
      createdAt: toText(key.createdAt),
      signsFrom: toText(key.signsFrom),
      verifiesUntil: toText(key.verifiesUntil),
    };
  }
}

/** Every key of the ring. */
export class SigningKeyListDto {
  @ApiProperty({ type: [SigningKeyDto] })
  items: SigningKeyDto[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor: null;
}

function toText(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
