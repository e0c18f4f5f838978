import { connect } from 'node:net';
import { once } from 'node:events';

/** What came back over a bare socket. */
export interface RawAnswer {
  readonly status: number;
  /** The status line and the header lines, as they were sent. */
  readonly head: string;
  readonly text: string;
}

/** Sends bytes as they are, which `fetch` would not, and reads until the server closes. */
export async function sendRaw(url: string, request: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => socket.destroy()); // a refused request may be cut off while it is still being written
  socket.write(request);
  await once(socket, 'close');
  const answer = Buffer.concat(chunks).toString();
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, text: rest.join('\r\n\r\n') };
}

/** A request without a body, with header lines that may repeat. */
export function rawRequest(method: string, path: string, headerLines: readonly string[] = []): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headerLines, '', ''].join(
    '\r\n',
  );
}
