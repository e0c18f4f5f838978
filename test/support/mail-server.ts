import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { makeCertificate } from './certificate.js';
import { type ReceivedMail, parseMail } from './mailbox.js';

/** What a mail server has been handed. */
export interface Delivery extends ReceivedMail {
  readonly wasEncrypted: boolean;
  readonly user: string | undefined;
  readonly recipients: readonly string[];
}

/** A mail server with a certificate that nobody has signed; `admits` says which recipients it knows. */
export class MailServer {
  readonly deliveries: Delivery[] = [];
  private readonly server: SMTPServer;

  private constructor(admits: (address: string) => boolean) {
    const { TLS_CERT_FILE, TLS_KEY_FILE } = makeCertificate();
    this.server = new SMTPServer({
      cert: readFileSync(TLS_CERT_FILE),
      key: readFileSync(TLS_KEY_FILE),
      authOptional: true,
      onAuth: ({ username }, _session, done) => done(null, { user: String(username) }),
      onRcptTo: ({ address }, _session, done) => {
        done(admits(address) ? null : Object.assign(new Error(`no ${address} here`), { responseCode: 550 }));
      },
      onData: (stream, session, done) => {
        text(stream).then((source) => {
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          this.deliveries.push({
            ...parseMail(source),
            wasEncrypted: session.secure,
            user: session.user,
            recipients,
          });
          done();
        }, done);
      },
    });
    // A client that goes away in the middle is no fault of the server.
    this.server.on('error', () => undefined);
  }

  static async start(admits: (address: string) => boolean = () => true): Promise<MailServer> {
    const mailServer = new MailServer(admits);
    await once(mailServer.server.listen(0, '127.0.0.1'), 'listening');
    return mailServer;
  }

  /** Host and port. */
  get address(): string {
    // A server that listens on a port of TCP has an address of this kind.
    return `127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => {
      this.server.close(() => done());
    });
  }
}
