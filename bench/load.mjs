// A load generator that costs little: HTTP/1.1 over keep-alive sockets, one request at a time on each, answers counted
// by their Content-Length. It does not parse what it need not, so that the server is what is waited for.
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** One keep-alive connection. */
export class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #answered = () => {};
  #failed = () => {};

  constructor(url) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('error', (error) => this.#failed(error));
    this.#socket.on('close', () => this.#failed(new Error('the server has closed the connection')));
  }

  /** Sends a request; resolves with its answer's body. @throws Error where it is not answered with 200 */
  async send(request) {
    const { status, body } = await this.exchange(request);
    if (status !== 200) {
      throw new Error(`not answered with 200 but with ${status}:\n${body.toString()}`);
    }
    return body;
  }

  /** Sends a request; resolves with its answer, whatever that is. */
  exchange(request) {
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.#socket.write(request);
    });
  }

  close() {
    this.#failed = () => {};
    this.#socket.destroy();
  }

  #receive(bytes) {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const headLength = this.#received.indexOf(HEAD_END);
    if (headLength === -1) {
      return;
    }
    const head = this.#received.latin1Slice(0, headLength);
    const bodyStart = headLength + HEAD_END.length;
    const bodyEnd = bodyStart + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (this.#received.length >= bodyEnd) {
      const body = this.#received.subarray(bodyStart, bodyEnd);
      this.#received = this.#received.subarray(bodyEnd);
      this.#answered({ status: Number(head.slice(9, 12)), head, body });
    }
  }
}

/** Sends `count` requests, taken from `requests` in turn, over so many connections. */
export async function load(url, requests, count, { connections = 20 } = {}) {
  let sent = 0;
  const sendNext = async () => {
    const connection = new Connection(url);
    try {
      while (sent < count) {
        await connection.send(requests[sent++ % requests.length]);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, sendNext));
}

/** The body of the answer to one request. */
export async function fetchBody(url, request) {
  const connection = new Connection(url);
  try {
    return (await connection.send(request)).toString();
  } finally {
    connection.close();
  }
}

/** A POST request with a JSON body as bytes. */
export function postRequest(path, body) {
  const text = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** A GET request as bytes, with the headers that a browser's `fetch` would not leave out. */
export function getRequest(path, headers = {}) {
  const lines = Object.entries({ Host: 'localhost', Accept: 'application/json', ...headers });
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
}
