import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../../config/settings.js';
import { ADVISORY_LOCKS } from '../../../database/advisory-locks.js';
import { Clock } from '../../../time/clock.js';
import { type KeyMaterial, exportPublicJwk, exportSecretPart, importSecretPart } from './key-material.js';
import type { StoredKey } from './ring-key.js';
import { deriveSealingKey, seal, unseal } from './sealing.js';
import { SigningKeyRow } from './signing-key.entity.js';

/** What the key that seals signing keys is derived for. */
export const SEALING_PURPOSE = 'signing-keys';

/** Thrown when the database's keys were sealed under another KEY_ENCRYPTION_SECRET. */
export class UnreadableSigningKeyError extends Error {
  constructor(kid: string) {
    super(
      `The signing key ${kid} in the database cannot be decrypted: KEY_ENCRYPTION_SECRET is not the one it was ` +
        'stored with. Set the old value again (npm run keys:reseal changes it), or remove the rows of signing_keys ' +
        'to sign everybody out.',
    );
    this.name = 'UnreadableSigningKeyError';
  }
}

/** Keeps the signing keys in the database, their secret parts encrypted. */
@Injectable()
export class KeyStore {
  private readonly sealingKey: Buffer;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    settings: Settings,
    private readonly clock: Clock,
  ) {
    this.sealingKey = deriveSealingKey(settings.KEY_ENCRYPTION_SECRET, SEALING_PURPOSE);
  }

  /** Every key that still verifies, the one that signs last first. */
  async living(): Promise<StoredKey[]> {
    const rows = await this.rows(this.dataSource.manager);
    return rows.map((row) => ({
      kid: row.kid,
      algorithm: row.algorithm,
      isFromFile: false,
      createdAt: row.createdAt.getTime(),
      signsFrom: row.signsFrom.getTime(),
      verifiesUntil: row.verifiesUntil?.getTime() ?? Infinity,
      open: () => this.open(row),
    }));
  }

  /** A transaction that no other process changes the keys beside. */
  async underLock<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.keyRing]);
      return work(manager);
    });
  }

  /** The rows of the keys that still verify, the one that signs last first. */
  async rows(manager: EntityManager): Promise<SigningKeyRow[]> {
    return manager
      .createQueryBuilder(SigningKeyRow, 'key')
      .where('key.verifiesUntil IS NULL OR key.verifiesUntil > :now', { now: this.clock.date() })
      .orderBy('key.signsFrom', 'DESC')
      .getMany();
  }

  /** Stores a new key, which verifies from now on and signs from the time given. */
  async add(
    manager: EntityManager,
    algorithm: SigningKeyRow['algorithm'],
    material: KeyMaterial,
    signsFrom: Date,
  ): Promise<SigningKeyRow> {
    const kid = v7();
    const row: SigningKeyRow = {
      kid,
      algorithm,
      publicJwk: exportPublicJwk(material),
      sealedPrivateKey: seal(this.sealingKey, exportSecretPart(material), kid),
      createdAt: this.clock.date(),
      signsFrom,
      verifiesUntil: null,
    };
    await manager.insert(SigningKeyRow, row);
    return row;
  }

  /** Whether a key was sealed under the secret that this process has. */
  canOpen(row: SigningKeyRow): boolean {
    try {
      this.open(row);
      return true;
    } catch (error) {
      if (error instanceof UnreadableSigningKeyError) {
        return false;
      }
      throw error;
    }
  }

  /** @throws UnreadableSigningKeyError */
  open(row: SigningKeyRow): KeyMaterial {
    return importSecretPart(row.algorithm, unsealKey(this.sealingKey, row));
  }
}

/** The secret part of a key. @throws UnreadableSigningKeyError */
export function unsealKey(sealingKey: Buffer, { kid, sealedPrivateKey }: SigningKeyRow): Buffer {
  try {
    return unseal(sealingKey, sealedPrivateKey, kid);
  } catch {
    throw new UnreadableSigningKeyError(kid);
  }
}
