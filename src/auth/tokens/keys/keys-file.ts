import { readFile } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { parseJwkSet } from './jwk-set.js';
import type { StoredKey } from './ring-key.js';

/** Thrown when the file of SIGNING_KEYS_FILE cannot be used; lists every fault at once. */
export class KeysFileError extends Error {
  constructor(path: string, faults: readonly string[]) {
    super(
      `SIGNING_KEYS_FILE ${path} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n` +
        'docs/tokens.md says what it has to hold.',
    );
    this.name = 'KeysFileError';
  }
}

/** The keys that are brought in: a JWK Set with private keys, of which the first one signs. */
@Injectable()
export class KeysFile {
  private readonly logger = new Logger(KeysFile.name);
  private readonly path: string | undefined;
  private text: string | undefined;
  private stored: readonly StoredKey[] = [];
  private complaint: string | undefined;

  constructor(settings: Settings) {
    this.path = settings.SIGNING_KEYS_FILE;
  }

  get isUsed(): boolean {
    return this.path !== undefined;
  }

  /**
   * The keys of the file as it is now; of the last good version, once there was one. None without such a file.
   * @throws KeysFileError when the first version is not good
   */
  async keys(): Promise<readonly StoredKey[]> {
    if (this.path === undefined) {
      return [];
    }
    const text = await readFile(this.path, 'utf8').catch((error: Error) => error);
    if (text !== this.text) {
      this.take(this.path, text);
    }
    return this.stored;
  }

  private take(path: string, text: string | Error): void {
    const { keys, faults } =
      typeof text === 'string'
        ? parseJwkSet(text)
        : { keys: [], faults: [`It cannot be read: ${text.message}.`] };
    if (typeof text === 'string' && faults.length === 0) {
      this.logger.log({ kids: keys.map(({ kid }) => kid) }, 'The file of signing keys has been read');
      [this.text, this.stored, this.complaint] = [text, keys, undefined];
      return;
    }
    const error = new KeysFileError(path, faults);
    if (this.stored.length === 0) {
      throw error;
    }
    if (error.message !== this.complaint) {
      this.complaint = error.message;
      this.logger.error(
        { err: error },
        'The file of signing keys has changed and is no good; the old keys stay',
      );
    }
  }
}
