import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** The wall clock of the database server: one for all processes, whatever theirs say. */
@Injectable()
export class DatabaseClock {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Milliseconds since 1970. */
  async now(): Promise<number> {
    const [row]: { now: Date }[] = await this.dataSource.query('SELECT now()');
    if (!row) {
      throw new Error('The database does not say what time it is.');
    }
    return row.now.getTime();
  }
}
