import type { PGlite } from '@electric-sql/pglite';
import { PglitePgConnection } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import type { BackendMessage } from 'pg-protocol/dist/messages.js';
import { Parser } from 'pg-protocol/dist/parser.js';

/** The one session of a PGlite, as connections of `pg` that take it one after the other. */
export interface EmbeddedSession {
  readonly Client: typeof pg.Client;
  /** Resolves when nothing is left of the connections that have ended. */
  readonly cleaned: () => Promise<unknown>;
}

/**
 * Lets `pg.Client` speak to a PGlite. When a connection ends, its open transaction is rolled back and its session
 * state discarded before the next one begins, and what it was still asked to do fails, as it does on a server (the
 * adapter as shipped leaves the transaction open for whoever comes next, and the caller waiting for ever).
 */
export function embeddedSession(pglite: PGlite): EmbeddedSession {
  // All of a PGlite that the adapter asks for.
  const answering = { waitReady: pglite.waitReady, execProtocolStream: readAsPgDoes(pglite) };
  let cleaned: Promise<unknown> = Promise.resolve();

  class EmbeddedConnection extends PglitePgConnection {
    private hasEnded = false;

    override async connect(port: number, host: string): Promise<void> {
      await cleaned;
      await super.connect(port, host);
    }

    override end(): void {
      if (this.hasEnded) {
        return;
      }
      this.hasEnded = true;
      const heirs = this.listeners('end');
      super.end(); // takes every listener away, also those that fail what is still running
      const drained = new Promise((resolve) => this.once('end', resolve));
      this.once('end', () => heirs.forEach((listener) => Reflect.apply(listener, this, [])));
      cleaned = Promise.all([cleaned, drained]).then(async () => {
        await pglite.exec('ROLLBACK');
        await pglite.exec('DISCARD ALL');
      });
    }
  }

  class EmbeddedClient extends pg.Client {
    constructor(config: pg.ClientConfig) {
      // `connection` is how pg takes another transport; its types leave it out.
      const transport: pg.ClientConfig & { connection: unknown } = {
        ...config,
        user: 'postgres',
        database: 'postgres',
        connection: new EmbeddedConnection({ pglite: answering as unknown as PGlite }),
      };
      super(transport);
    }
  }

  return { Client: EmbeddedClient, cleaned: async () => cleaned };
}

// PGlite's own reader takes the character U+FEFF away where a text begins with it.
function readAsPgDoes(pglite: PGlite): (message: Uint8Array) => Promise<BackendMessage[]> {
  return async (message) => {
    const parser = new Parser();
    const messages: BackendMessage[] = [];
    await pglite.execProtocolRawStream(message, {
      // The bytes are PGlite's memory, which is used again.
      onRawData: (bytes) => parser.parse(Buffer.from(bytes), (answer) => messages.push(answer)),
    });
    return messages;
  };
}
