import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const ANSWER_HEAD = /HTTP\/1\.1 (\d{3})[^]*?\r\ncontent-length: (\d+)[^]*?\r\n\r\n/i;

/** A status, and after how many milliseconds it came. */
export interface TimedStatus {
  readonly status: number;
  readonly ms: number;
}

/** Sends one GET after the other over one connection, each with an Authorization header of its own. */
export async function getAll(
  url: string,
  path: string,
  authorizations: readonly string[],
): Promise<TimedStatus[]> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  const answers: TimedStatus[] = [];
  for (const authorization of authorizations) {
    const sentAt = performance.now();
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`,
      'latin1',
    );
    answers.push({ status: await nextStatus(socket), ms: performance.now() - sentAt });
  }
  socket.destroy();
  return answers;
}

async function nextStatus(socket: Socket): Promise<number> {
  let received = '';
  for (;;) {
    const [bytes]: Buffer[] = await once(socket, 'data');
    received += String(bytes);
    const head = ANSWER_HEAD.exec(received);
    if (head && Buffer.byteLength(received) >= Buffer.byteLength(head[0]) + Number(head[2])) {
      return Number(head[1]);
    }
  }
}
