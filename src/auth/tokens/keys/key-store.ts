import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, IsNull } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../../config/settings.js';
import { ADVISORY_LOCKS } from '../../../database/advisory-locks.js';
import { Clock } from '../../../time/clock.js';
import {
  type KeyMaterial,
  exportPublicJwk,
  exportSecretPart,
  generateKeyMaterial,
  importSecretPart,
  secretKeyMaterial,
} from './key-material.js';
import { deriveSealingKey, seal, unseal } from './sealing.js';
import { SigningKeyRow } from './signing-key.entity.js';

/** Thrown at start when the database's keys were sealed under another KEY_ENCRYPTION_SECRET. */
export class UnreadableSigningKeyError extends Error {
  constructor(kid: string) {
    super(
      `The signing key ${kid} in the database cannot be decrypted: KEY_ENCRYPTION_SECRET is not the one it was ` +
        'stored with. Set the old value again, or remove the rows of signing_keys to sign everybody out.',
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
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.sealingKey = deriveSealingKey(settings.KEY_ENCRYPTION_SECRET, 'signing-keys');
  }

  /** Every key that still verifies, after making sure that one of the set algorithm signs. */
  async load(): Promise<SigningKeyRow[]> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.keyRing]);
      await this.ensureCurrentKey(manager);
      return this.liveKeys(manager);
    });
  }

  /** Every key that still verifies, without making one. */
  async reload(): Promise<SigningKeyRow[]> {
    return this.liveKeys(this.dataSource.manager);
  }

  /** @throws UnreadableSigningKeyError */
  open(row: SigningKeyRow): KeyMaterial {
    let secretPart: Buffer;
    try {
      secretPart = unseal(this.sealingKey, row.sealedPrivateKey, row.kid);
    } catch {
      throw new UnreadableSigningKeyError(row.kid);
    }
    return importSecretPart(row.algorithm, secretPart);
  }

  private async ensureCurrentKey(manager: EntityManager): Promise<void> {
    const current = await manager.findOneBy(SigningKeyRow, { retiredAt: IsNull() });
    if (current && this.isAsSet(current)) {
      return;
    }
    const now = this.clock.now();
    if (current) {
      const verifiesUntil = new Date(now + (this.settings.ACCESS_TOKEN_TTL + 60) * 1000);
      await manager.update(SigningKeyRow, { kid: current.kid }, { retiredAt: new Date(now), verifiesUntil });
    }
    await manager.insert(SigningKeyRow, await this.makeKey(new Date(now)));
  }

  private isAsSet(row: SigningKeyRow): boolean {
    const { JWT_ALGORITHM, JWT_SECRET } = this.settings;
    const { signingKey } = this.open(row);
    return (
      row.algorithm === JWT_ALGORITHM &&
      (JWT_SECRET === undefined || signingKey.export().equals(Buffer.from(JWT_SECRET)))
    );
  }

  private async makeKey(createdAt: Date): Promise<SigningKeyRow> {
    const { JWT_ALGORITHM: algorithm, JWT_SECRET } = this.settings;
    const material =
      JWT_SECRET === undefined
        ? await generateKeyMaterial(algorithm)
        : secretKeyMaterial(Buffer.from(JWT_SECRET));
    const kid = v7();
    const sealedPrivateKey = seal(this.sealingKey, exportSecretPart(material), kid);
    return {
      kid,
      algorithm,
      publicJwk: exportPublicJwk(material),
      sealedPrivateKey,
      createdAt,
      retiredAt: null,
      verifiesUntil: null,
    };
  }

  private async liveKeys(manager: EntityManager): Promise<SigningKeyRow[]> {
    return manager
      .createQueryBuilder(SigningKeyRow, 'key')
      .where('key.verifiesUntil IS NULL OR key.verifiesUntil > :now', { now: this.clock.date() })
      .getMany();
  }
}
