import { ApiProperty } from '@nestjs/swagger';
import { ROLES, type Role } from '../role.js';
import { USER_STATUSES, type User, type UserStatus } from '../user.entity.js';

/** An account as its owner and administrators see it. */
export class UserDto {
  @ApiProperty({ format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  id: string;

  @ApiProperty({ format: 'email', example: 'ada@shop.example' })
  email: string;

  @ApiProperty({ example: false })
  emailVerified: boolean;

  @ApiProperty({ type: String, nullable: true, example: 'Ada' })
  displayName: string | null;

  @ApiProperty({ enum: ROLES, isArray: true, example: ['customer'] })
  roles: Role[];

  @ApiProperty({ enum: USER_STATUSES, example: 'active' })
  status: UserStatus;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  updatedAt: string;

  /** Picks what may leave. */
  static from(user: User): UserDto {
    return {
      id: user.id,
      email: user.email,
      emailVerified: user.emailVerified,
      displayName: user.displayName,
      roles: user.roles,
      status: user.status,
      createdAt: user.createdAt.toISOString(),
      updatedAt: user.updatedAt.toISOString(),
    };
  }
}

/** A page of accounts, newest first. */
export class UserPageDto {
  @ApiProperty({ type: [UserDto] })
  items: UserDto[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor: string | null;
}
