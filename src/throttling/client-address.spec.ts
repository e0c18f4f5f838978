import { clientAddressKey } from './client-address.js';

describe('the key of a client address', () => {
  it('is an IPv4 address as it is', () => {
    expect(clientAddressKey('192.0.2.1')).toBe('192.0.2.1');
  });

  it('is the IPv4 address that a dual-stack socket wraps in IPv6', () => {
    expect(clientAddressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(clientAddressKey('::ffff:c000:201')).toBe('192.0.2.1');
  });

  it('is one for all addresses of an IPv6 /64, which one client has to itself', () => {
    const keys = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:0001:0002:0:0:0:1'].map(
      clientAddressKey,
    );

    expect(new Set(keys).size).toBe(1);
  });

  it('is another for the next /64, and for the next IPv4 address', () => {
    const keys = ['2001:db8:1:2::1', '2001:db8:1:3::1', '192.0.2.1', '192.0.2.2', '::1'].map(
      clientAddressKey,
    );

    expect(new Set(keys).size).toBe(5);
  });

  it('is one for an address with and without its zone', () => {
    expect(clientAddressKey('fe80::1%eth0')).toBe(clientAddressKey('fe80::1'));
  });
});
