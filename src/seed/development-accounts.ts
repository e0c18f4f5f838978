import { Injectable, Logger } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { PasswordsService } from '../auth/passwords/passwords.service.js';
import { developmentSecrets } from '../config/development-secrets.js';
import { Settings } from '../config/settings.js';
import { isConflict } from '../http/problem.js';
import type { Role } from '../users/role.js';
import { UsersService } from '../users/users.service.js';

/** An account to try things with, and its password. */
export interface DevelopmentAccount {
  readonly email: string;
  readonly password: string;
  readonly roles: Role[];
}

/** The accounts of a development installation: an administrator and an editor, with passwords made at the first run. */
@Injectable()
export class DevelopmentAccounts {
  private readonly logger = new Logger(DevelopmentAccounts.name);

  constructor(
    private readonly settings: Settings,
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
  ) {}

  /** Who they are; the passwords are kept in DATA_DIR. */
  all(): DevelopmentAccount[] {
    const { adminPassword, editorPassword } = developmentSecrets(this.settings.DATA_DIR);
    return [
      { email: 'admin@latchkey.example', password: adminPassword, roles: ['customer', 'admin'] },
      { email: 'editor@latchkey.example', password: editorPassword, roles: ['customer', 'editor'] },
    ];
  }

  /** Makes those that are missing; warns of those whose password is another by now. */
  async ensure(): Promise<void> {
    for (const account of this.all()) {
      const user = await this.users.findByEmail(account.email);
      if (!user) {
        await this.make(account);
      } else if (!(await this.passwords.verify(user.id, account.password))) {
        this.logger.warn(
          `The password of ${account.email} has been changed; the one printed at start is not good any more.`,
        );
      }
    }
  }

  private async make(account: DevelopmentAccount): Promise<void> {
    try {
      await this.auth.register({ ...account, emailVerified: true });
    } catch (error) {
      // Another process that started at the same time was first.
      if (!isConflict(error)) {
        throw error;
      }
    }
  }
}
