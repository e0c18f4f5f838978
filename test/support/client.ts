/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into bodies of every shape, and fail where the shape is another.
  readonly body: any;
}

/** What to send beside method and path. */
export interface Sending {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to one server over its socket, with `fetch`. */
export class Client {
  constructor(readonly url: string) {}

  get(path: string, sending?: Sending): Promise<Answer> {
    return this.send('GET', path, sending);
  }

  post(path: string, body?: unknown, sending?: Sending): Promise<Answer> {
    return this.send('POST', path, { ...sending, body });
  }

  patch(path: string, body?: unknown, sending?: Sending): Promise<Answer> {
    return this.send('PATCH', path, { ...sending, body });
  }

  delete(path: string, sending?: Sending): Promise<Answer> {
    return this.send('DELETE', path, sending);
  }

  /** Sends a request; a body that is no string or bytes is sent as JSON. */
  async send(method: string, path: string, { body, token, headers = {} }: Sending = {}): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Buffer;
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? new Blob([body]) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  }
}
