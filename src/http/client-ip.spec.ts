import type { FastifyRequest } from 'fastify';
import { clientIpOf, keepClientIp, wasThere } from './client-ip.js';

// All that is asked of a request is this.
const requestFrom = (ip: string | undefined): FastifyRequest => ({ ip }) as FastifyRequest;

describe('the address of a client', () => {
  it('is that of the time when its request was read', () => {
    const request = { ...requestFrom('192.0.2.1') };
    keepClientIp(request);
    request.ip = '';

    expect([wasThere(request), clientIpOf(request)]).toEqual([true, '192.0.2.1']);
  });

  it('is none that all share who have none', () => {
    const request = requestFrom(undefined);
    keepClientIp(request);

    expect(wasThere(request)).toBe(false);
    expect(() => clientIpOf(request)).toThrow('without the address');
  });
});
