import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { deviceOf } from '../device.js';
import type { Session } from '../session.entity.js';

/** A sign-in on one device, as its owner sees it. */
export class SessionDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  id: string;

  /** Whether it is the session that asks. */
  @ApiProperty({ example: true })
  current: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  createdAt: string;

  /** When its tokens were renewed last. */
  @ApiProperty({ format: 'date-time', example: '2026-11-24T10:15:00.000Z' })
  lastUsedAt: string;

  /** When it ends if it is not used. */
  @ApiProperty({ format: 'date-time', example: '2026-12-08T10:15:00.000Z' })
  expiresAt: string;

  @ApiProperty({ example: '203.0.113.7' })
  ip: string;

  @ApiProperty({ example: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0' })
  userAgent: string;

  /** Browser and system, from the user agent, to show to people; `null` where it says nothing that we know. */
  @ApiProperty({ type: String, nullable: true, example: 'Firefox on Linux' })
  device: string | null;

  /** Picks what may leave. */
  static from(session: Session, currentId: string): SessionDto {
    const endsAt = Math.min(session.idleUntil.getTime(), session.expiresAt.getTime());
    return {
      id: session.id,
      current: session.id === currentId,
      createdAt: session.createdAt.toISOString(),
      lastUsedAt: session.lastUsedAt.toISOString(),
      expiresAt: new Date(endsAt).toISOString(),
      ip: session.ip,
      userAgent: session.userAgent,
      device: deviceOf(session.userAgent),
    };
  }
}

/** A page of the living sessions of an account, the one used last first. */
export class SessionListDto {
  @ApiProperty({ type: [SessionDto] })
  items: SessionDto[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor: string | null;
}

/** Which sessions to end. */
export class EndSessionsQueryDto {
  /** `true` keeps the session that asks. */
  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false', example: 'true' })
  @IsOptional()
  @IsIn(['true', 'false'])
  keepCurrent: 'true' | 'false' = 'false';
}
