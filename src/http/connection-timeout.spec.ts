import type { ServerHttp2Stream } from 'node:http2';
import { PassThrough } from 'node:stream';
import { timeStream } from './connection-timeout.js';

const TIMEOUT = 1000;

describe('a request over HTTP/2', () => {
  let stream: PassThrough & { close: jest.Mock };
  beforeEach(() => {
    jest.useFakeTimers();
    stream = Object.assign(new PassThrough({ highWaterMark: 10 }), { close: jest.fn() });
    // Of a stream over HTTP/2 nothing else is asked.
    timeStream(stream as unknown as ServerHttp2Stream, TIMEOUT);
  });
  afterEach(() => {
    stream.destroy();
    jest.useRealTimers();
  });

  it('may take us as long as it likes', () => {
    jest.advanceTimersByTime(10 * TIMEOUT);

    expect(stream.close).not.toHaveBeenCalled();
  });

  it('is cancelled where nobody reads its answer', () => {
    stream.write(Buffer.alloc(100));

    jest.advanceTimersByTime(TIMEOUT);

    expect(stream.close).toHaveBeenCalledWith(8); // CANCEL (RFC 9113 7)
  });

  it('goes on where somebody reads on, however slowly', () => {
    for (let piece = 0; piece < 5; piece++) {
      stream.write(Buffer.alloc(100));
      jest.advanceTimersByTime(TIMEOUT - 1);
      stream.emit('drain');
    }

    expect(stream.close).not.toHaveBeenCalled();
  });
});
