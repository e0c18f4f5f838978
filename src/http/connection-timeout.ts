import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { mayTakeLong } from './long-uploads.js';

/**
 * Lets a request over HTTP/1.1 outlast the timeout of its connection, after which Node would hang up, as long as there is
 * nothing to read: who waits for us is not the one who keeps us waiting.
 */
export function timeAnswer({ raw }: FastifyReply, timeoutMs: number): void {
  if (raw.req.httpVersionMajor !== 1) {
    return;
  }
  raw.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0) {
      socket.destroy();
    } else {
      socket.setTimeout(timeoutMs);
    }
  });
}

/**
 * Cancels a request over HTTP/2 whose answer nobody reads on. Node's own timeout of a stream takes what is sent over the
 * whole connection for progress, answers to pings too.
 */
export function timeStream(stream: ServerHttp2Stream, timeoutMs: number): void {
  const timer = setTimeout(() => {
    if (mayTakeLong(stream) || stream.writableLength === 0) {
      timer.refresh();
    } else {
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }, timeoutMs);
  stream.on('drain', () => timer.refresh());
  stream.once('close', () => clearTimeout(timer));
}
