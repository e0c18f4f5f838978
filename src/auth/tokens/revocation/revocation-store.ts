import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, MoreThan } from 'typeorm';
import { Clock } from '../../../time/clock.js';
import type { Revocation } from './revocation.js';
import { RevocationRow, toRevocation } from './revocation.entity.js';
import type { RevocableClaims } from './token-blacklist.js';

/** Reads revocations from the database: all of them at start, one token's when memory cannot be trusted. */
@Injectable()
export class RevocationStore {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Every revocation that can still concern a token. */
  async alive(): Promise<Revocation[]> {
    const rows = await this.dataSource.manager.findBy(RevocationRow, {
      expiresAt: MoreThan(this.clock.date()),
    });
    return rows.map(toRevocation);
  }

  /** The blacklist's answer, asked of the database. */
  async isRevoked({ jti, sid, sub, ver }: RevocableClaims): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `SELECT 1 FROM revocations
       WHERE (subject IN ($1, $2) AND reach <> 'user') OR (subject = $3 AND reach = 'user' AND version > $4) LIMIT 1`,
      [jti, sid, sub, ver],
    );
    return rows.length > 0;
  }
}
