import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import pLimit from 'p-limit';
import { Settings } from '../../../config/settings.js';
import { unavailable } from '../../../http/unavailable.js';
import { Clock } from '../../../time/clock.js';
import { HeldKey, signerAmong } from './held-key.js';
import { KeySuccession } from './key-succession.js';
import { KeyStore } from './key-store.js';
import { KeysFile } from './keys-file.js';
import type {
  KeyDescription,
  PublishedJwk,
  RingKey,
  StoredKey,
  UnreadableKey,
  VerifyingKey,
} from './ring-key.js';

/** How often the database may be asked for a kid that nobody here knows: forgers send such, too. */
const UNKNOWN_KID_INTERVAL_MS = 1000;

/**
 * The signing keys of this process, loaded before the first request and then again every few seconds. A key signs
 * only KEY_PUBLICATION_LEAD after it was made, and nobody signs with a ring older than that: so whatever key a token
 * is signed with, every process has had the time to know it (docs/tokens.md).
 */
@Injectable()
export class KeyRing implements OnModuleInit {
  private readonly logger = new Logger(KeyRing.name);
  private readonly lead: number;
  private readonly oneAtATime = pLimit(1);
  /** All that are stored, by kid. The tokens of those that cannot be opened are refused here. */
  private keys: ReadonlyMap<string, HeldKey | UnreadableKey> = new Map();
  private loadedAt = -Infinity;
  private loadedAtTime = -Infinity;
  private reloading: Promise<void> | undefined;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
    private readonly store: KeyStore,
    private readonly file: KeysFile,
    private readonly succession: KeySuccession,
  ) {
    this.lead = settings.KEY_PUBLICATION_LEAD * 1000;
  }

  /** @throws UnreadableSigningKeyError, KeysFileError: whoever cannot open every key does not start */
  async onModuleInit(): Promise<void> {
    await this.file.keys(); // nothing is handed over to a file that is no good
    await (this.file.isUsed ? this.succession.handOver() : this.succession.begin());
    await this.reload();
  }

  /** The key that signs, as far as this process knows. @throws Problem `unavailable` where it cannot open it */
  signingKey(): RingKey {
    const key = this.signer();
    if (!key) {
      throw unavailable('Tokens cannot be signed right now.');
    }
    return key;
  }

  /** Whether this process can sign: whether it could open the key that signs. */
  get canSign(): boolean {
    return this.signer() !== undefined;
  }

  /** Whether every key that is stored could be opened. */
  get isComplete(): boolean {
    return [...this.keys.values()].every((key) => key instanceof HeldKey);
  }

  /**
   * The key that signs, looked up anew where the ring may have missed a rotation: after a pause of the process, or of
   * the database. Not within a transaction: it may need a connection of its own.
   */
  async freshSigningKey(): Promise<RingKey> {
    while (this.isOlderThan(this.lead)) {
      await this.reloadTogether();
    }
    return this.signingKey();
  }

  /** The key with this id, if it still verifies. */
  find(kid: string): VerifyingKey | undefined {
    const key = this.keys.get(kid);
    return key && this.isLiving(key) ? key : undefined;
  }

  /** As `find`, but looks into the database for a kid that is new here; at most once a second. */
  async findFresh(kid: string): Promise<VerifyingKey | undefined> {
    const isDue = this.clock.elapsed() - this.loadedAt >= UNKNOWN_KID_INTERVAL_MS;
    if (!this.keys.has(kid) && (isDue || this.reloading)) {
      await this.reloadTogether();
    }
    return this.find(kid);
  }

  /** The public keys, for `/.well-known/jwks.json`. */
  publicKeys(): readonly PublishedJwk[] {
    return this.living().flatMap(({ published }) => published ?? []);
  }

  /** What an administrator may see of each key, the one that signs last (or will) first. */
  describe(): KeyDescription[] {
    const now = this.clock.now();
    const signer = this.signer();
    return this.living().map((key) => ({
      kid: key.kid,
      algorithm: key.algorithm,
      state: key.stateBeside(signer, now),
      createdAt: key.createdAt,
      signsFrom: key.signsFrom,
      verifiesUntil: key.verifiesUntil === Infinity ? null : key.verifiesUntil,
    }));
  }

  /** Whether a key was brought in with SIGNING_KEYS_FILE. */
  isFromFile(kid: string): boolean {
    return this.keys.get(kid)?.isFromFile === true;
  }

  /** Loads the keys anew. One load at a time, so that an older answer never takes the place of a newer one. */
  reload(): Promise<void> {
    return this.oneAtATime(async () => {
      const [asOf, time] = [this.clock.elapsed(), this.clock.now()];
      this.take([...(await this.file.keys()), ...(await this.store.living())]);
      this.loadedAt = asOf;
      this.loadedAtTime = time;
    });
  }

  // Two clocks: the wall clock may be set back, the other does not count while the machine itself is suspended.
  private isOlderThan(milliseconds: number): boolean {
    return (
      this.clock.elapsed() - this.loadedAt > milliseconds ||
      this.clock.now() - this.loadedAtTime > milliseconds
    );
  }

  private reloadTogether(): Promise<void> {
    this.reloading ??= this.reload().finally(() => {
      this.reloading = undefined;
    });
    return this.reloading;
  }

  private living(): HeldKey[] {
    return [...this.keys.values()].filter((key) => this.isLiving(key));
  }

  private isLiving(key: HeldKey | UnreadableKey): key is HeldKey {
    return key instanceof HeldKey && key.verifiesUntil > this.clock.now();
  }

  private signer(): RingKey | undefined {
    return signerAmong(this.keys.values(), this.clock.now());
  }

  private take(stored: readonly StoredKey[]): void {
    const taken = new Map(stored.map((key) => [key.kid, this.keep(key) ?? this.open(key)]));
    const now = this.clock.now();
    for (const [kid, known] of this.keys) {
      if (known instanceof HeldKey && taken.get(kid) !== known) {
        // Whoever remembers a token with this object hears that its time is over.
        known.verifiesUntil = Math.min(known.verifiesUntil, now);
      }
    }
    this.keys = taken;
  }

  /** The key that is held already, with its times moved. */
  private keep(stored: StoredKey): HeldKey | undefined {
    const known = this.keys.get(stored.kid);
    if (!(known instanceof HeldKey) || !known.is(stored)) {
      return undefined;
    }
    known.signsFrom = stored.signsFrom;
    known.verifiesUntil = stored.verifiesUntil;
    return known;
  }

  // Tried at each load, said once. Before the first load is done, it stops the start.
  private open(stored: StoredKey): HeldKey | UnreadableKey {
    try {
      return new HeldKey(stored);
    } catch (error) {
      if (this.loadedAt === -Infinity) {
        throw error;
      }
      const known = this.keys.get(stored.kid);
      if (!known || known instanceof HeldKey) {
        this.logger.error(
          { err: error, kid: stored.kid },
          'A signing key cannot be opened; its tokens are refused',
        );
      }
      return stored;
    }
  }
}
