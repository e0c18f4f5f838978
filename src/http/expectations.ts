import type { EventEmitter } from 'node:events';

/**
 * Lets a server answer a request as if it expected nothing that the server does not know (RFC 9110 10.1.1). Node would refuse it
 * with 417, ahead of all that is counted and logged. `100-continue` is met as before.
 */
export function ignoreExpectations(server: EventEmitter): void {
  server.on('checkExpectation', (request, response) => {
    server.emit('request', request, response);
  });
}
