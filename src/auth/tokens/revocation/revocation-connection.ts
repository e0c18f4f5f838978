import { Socket } from 'node:net';
import pg from 'pg';
import type { Query } from './revocation-store.js';

/** What whoever opens the connection wants to hear of. */
export interface ConnectionEvents {
  /** Something was announced on the channel. */
  onAnnouncement(payload: string): void;
  /** The connection has gone; called once, and not after `close`. */
  onLoss(error?: Error): void;
}

/** A connection to PostgreSQL of its own, for LISTEN. It can be closed at once, whatever the network does. */
export class RevocationConnection {
  private readonly socket = new Socket();
  private readonly client: pg.Client;
  private isConnected = false;
  private isClosed = false;

  /** @param timeout for how many milliseconds connecting, and each answer, is waited for */
  constructor(url: string | undefined, timeout: number, events: ConnectionEvents) {
    this.client = new pg.Client({
      connectionString: url,
      application_name: 'latchkey revocations',
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
      keepAlive: true,
      stream: () => this.socket,
    });
    const lose = (error?: Error): void => {
      if (!this.isClosed) {
        this.close();
        events.onLoss(error);
      }
    };
    this.client.on('error', lose);
    this.client.on('end', lose);
    this.client.on('notification', ({ payload = '' }) => events.onAnnouncement(payload));
  }

  /** Connects, and listens on a channel from then on. */
  async listen(channel: string): Promise<void> {
    await this.client.connect();
    this.isConnected = true;
    await this.client.query(`LISTEN ${channel}`);
  }

  readonly query: Query = async (sql, parameters) => (await this.client.query(sql, parameters)).rows;

  /** Says goodbye, and does not wait for an answer: the other end may have been silent for long. */
  close(): void {
    this.isClosed = true;
    if (!this.isConnected) {
      this.socket.destroy(); // `connect` fails with it; after `end` it would never settle
      return;
    }
    void this.client.end();
    this.socket.destroySoon();
  }
}
