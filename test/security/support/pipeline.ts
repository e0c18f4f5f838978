import { once } from 'node:events';
import { connect } from 'node:net';

const HEAD = /HTTP\/1\.1 (\d{3})[^]*?\r\ncontent-length: (\d+)[^]*?\r\n\r\n/giy;

/** Statuses in the order of their requests, and after how many milliseconds the last one was there. */
export interface Statuses {
  readonly statuses: readonly number[];
  readonly ms: number;
}

/** Sends a GET for each Authorization header over one connection, all at once (RFC 9112 9.3.2). */
export async function getAll(
  url: string,
  path: string,
  authorizations: readonly string[],
): Promise<Statuses> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1');
  await once(socket, 'connect');
  const sentAt = performance.now();
  const requests = authorizations.map(
    (authorization) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`,
  );
  socket.write(requests.join(''), 'latin1');
  let received = '';
  let statuses: number[] = [];
  while (statuses.length < authorizations.length) {
    const [text]: string[] = await once(socket, 'data');
    received += text;
    statuses = statusesIn(received);
  }
  socket.destroy();
  return { statuses, ms: performance.now() - sentAt };
}

/** The statuses of the answers that are complete. */
function statusesIn(received: string): number[] {
  const statuses: number[] = [];
  HEAD.lastIndex = 0;
  for (let head = HEAD.exec(received); head; head = HEAD.exec(received)) {
    HEAD.lastIndex += Number(head[2]);
    if (HEAD.lastIndex > received.length) {
      break;
    }
    statuses.push(Number(head[1]));
  }
  return statuses;
}
