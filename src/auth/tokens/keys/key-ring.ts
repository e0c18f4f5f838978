import type { KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JwtAlgorithm } from '../../../config/settings.js';
import { Clock } from '../../../time/clock.js';
import { KeyStore } from './key-store.js';
import type { SigningKeyRow } from './signing-key.entity.js';

/** A key ready for use: always key objects, which cost jsonwebtoken a tenth of what PEM strings do. */
export interface RingKey {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly signingKey: KeyObject;
  readonly verifyingKey: KeyObject;
  /** Unix time in milliseconds after which its tokens are refused; infinite for the key that signs. */
  readonly verifiesUntil: number;
}

/** A public key as the JWK Set document lists it (RFC 7517 4). */
export type PublishedJwk = Readonly<Record<string, unknown>> & { readonly kid: string };

// A token with an unknown kid may come from a key that another process has just made; forgers send them too.
const RELOAD_INTERVAL_MS = 5000;

/** The signing keys of this process, loaded before the first request. */
@Injectable()
export class KeyRing implements OnModuleInit {
  private keys = new Map<string, RingKey>();
  private published: PublishedJwk[] = [];
  private current: RingKey | undefined;
  private reloadedAt = -Infinity;

  constructor(
    private readonly store: KeyStore,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.take(await this.store.load());
  }

  /** The key that signs. */
  signingKey(): RingKey {
    if (!this.current) {
      throw new Error('The key ring is empty: it is filled when the application starts.');
    }
    return this.current;
  }

  /** The key with this id, if it still verifies. */
  find(kid: string): RingKey | undefined {
    const key = this.keys.get(kid);
    return key && key.verifiesUntil > this.clock.now() ? key : undefined;
  }

  /** As `find`, but looks into the database for a kid that is new here; at most once in five seconds. */
  async findFresh(kid: string): Promise<RingKey | undefined> {
    const known = this.find(kid);
    if (known || this.keys.has(kid) || this.clock.elapsed() - this.reloadedAt < RELOAD_INTERVAL_MS) {
      return known;
    }
    this.reloadedAt = this.clock.elapsed();
    this.take(await this.store.reload());
    return this.find(kid);
  }

  /** The public keys, for `/.well-known/jwks.json`. */
  publicKeys(): readonly PublishedJwk[] {
    return this.published.filter(({ kid }) => this.find(kid));
  }

  private take(rows: readonly SigningKeyRow[]): void {
    this.keys = new Map(rows.map((row) => [row.kid, this.toRingKey(row)]));
    this.current = [...this.keys.values()].find(({ verifiesUntil }) => verifiesUntil === Infinity);
    this.published = rows.flatMap(({ kid, algorithm, publicJwk }) =>
      publicJwk ? [{ ...publicJwk, kid, use: 'sig', alg: algorithm }] : [],
    );
  }

  private toRingKey(row: SigningKeyRow): RingKey {
    return {
      kid: row.kid,
      algorithm: row.algorithm,
      ...this.store.open(row),
      verifiesUntil: row.verifiesUntil?.getTime() ?? Infinity,
    };
  }
}
