import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

// pg_trgm takes letters for letters by LC_CTYPE alone, whatever else the database knows of locales.
const KNOWS_LETTERS = `
  SELECT pg_encoding_to_char(encoding) = 'UTF8' AND datctype NOT IN ('C', 'POSIX') AS "knowsLetters"
  FROM pg_database WHERE datname = current_database()`;

/** Says once, at start, where misspelt words of other scripts than Latin cannot be corrected. */
@Injectable()
export class LocaleCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger(LocaleCheck.name);

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    const [database] = await this.dataSource.query<{ knowsLetters: boolean }[]>(KNOWS_LETTERS);
    if (database?.knowsLetters === false) {
      this.logger.warn(
        'The database is not UTF-8 with an LC_CTYPE of UTF-8 (such as C.UTF-8): misspelt words with letters beyond ASCII find less',
      );
    }
  }
}
