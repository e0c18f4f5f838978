import { type Server, type Socket, connect, createServer } from 'node:net';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** What the client said first; PostgreSQL's clients say their application's name there. */
  greeting: string;
}

/** Stands between an app and PostgreSQL; it can cut connections, or forward nothing any more and leave them open. */
export class SilenceableProxy {
  private readonly links = new Set<Link>();
  private isSilent = false;

  private constructor(
    private readonly server: Server,
    /** Where the app is to connect to. */
    readonly url: string,
  ) {}

  /** Listens on a free port for connections to the server of this URL. */
  static async start(targetUrl: string): Promise<SilenceableProxy> {
    const target = new URL(targetUrl);
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const url = new URL(targetUrl);
    url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const proxy = new SilenceableProxy(server, url.href);
    server.on('connection', (client) => proxy.forward(client, target));
    return proxy;
  }

  /** How many connections are open, silent ones too. */
  get size(): number {
    return this.links.size;
  }

  /** Connections of an application that are open now say and hear nothing any more. How many they were. */
  silence(application: string): number {
    const found = this.linksOf(application);
    found.forEach(hush);
    return found.length;
  }

  /** Ends the connections of an application that are open now. How many they were. */
  cut(application: string): number {
    const found = this.linksOf(application);
    for (const link of found) {
      this.links.delete(link);
      end(link);
    }
    return found.length;
  }

  /** No connection says or hears anything, neither those that are open nor new ones. */
  silenceAll(): void {
    this.isSilent = true;
    this.links.forEach(hush);
  }

  /** New connections are forwarded again; those that went silent end. */
  endSilence(): void {
    this.isSilent = false;
    this.links.forEach(end);
  }

  async close(): Promise<void> {
    this.endSilence();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private linksOf(application: string): Link[] {
    return [...this.links].filter(({ greeting }) => greeting.includes(`\0${application}\0`));
  }

  private forward(client: Socket, target: URL): void {
    const link: Link = {
      client,
      server: connect(Number(target.port), target.hostname),
      greeting: '',
    };
    const { server } = link;
    this.links.add(link);
    client.once('data', (bytes) => (link.greeting = bytes.toString('latin1')));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.links.delete(link);
      });
      from.pipe(to);
    }
    if (this.isSilent) {
      hush(link);
    }
  }
}

function hush({ client, server }: Link): void {
  client.unpipe(server).pause();
  server.unpipe(client).pause();
}

function end({ client, server }: Link): void {
  client.destroy();
  server.destroy();
}
