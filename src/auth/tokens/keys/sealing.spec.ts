import { deriveSealingKey, seal, unseal } from './sealing.js';

describe('sealing', () => {
  const key = deriveSealingKey('a secret of full strength', 'test');
  const plaintext = Buffer.from('the private part of a key');

  it('gives back what was sealed', () => {
    const sealed = seal(key, plaintext, 'kid-1');

    expect(unseal(key, sealed, 'kid-1').toString()).toBe('the private part of a key');
  });

  it('shows nothing of what was sealed, and never looks the same twice', () => {
    const [one, other] = [seal(key, plaintext, 'kid-1'), seal(key, plaintext, 'kid-1')];

    expect(one.includes('private')).toBe(false);
    expect(one.equals(other)).toBe(false);
    expect(one).toHaveLength(12 + 16 + 25);
  });

  it('seals nothing at all, too', () => {
    expect(unseal(key, seal(key, Buffer.alloc(0), 'kid-1'), 'kid-1')).toHaveLength(0);
  });

  it('opens under no other key, purpose or context', () => {
    const sealed = seal(key, plaintext, 'kid-1');

    expect(() => unseal(deriveSealingKey('another secret', 'test'), sealed, 'kid-1')).toThrow(
      'unable to authenticate',
    );
    expect(() => unseal(deriveSealingKey('a secret of full strength', 'other'), sealed, 'kid-1')).toThrow(
      'unable to authenticate',
    );
    expect(() => unseal(key, sealed, 'kid-2')).toThrow('unable to authenticate');
  });

  it('does not open once any of its bytes has changed', () => {
    const sealed = seal(key, plaintext, 'kid-1');

    const opened = [...sealed.keys()].filter((position) => {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(position) ^ 1, position);
      return opens(changed);
    });

    expect(opened).toEqual([]);
  });

  it.each([0, 11, 12, 27, 28, 52])('does not open when it is cut to %i bytes', (length) => {
    expect(opens(seal(key, plaintext, 'kid-1').subarray(0, length))).toBe(false);
  });

  it('derives keys of 256 bits: the same for the same purpose, others for others', () => {
    const keys = [
      deriveSealingKey('secret', 'one'),
      deriveSealingKey(Buffer.from('secret'), 'one'),
      deriveSealingKey('secret', 'two'),
      deriveSealingKey('Secret', 'one'),
    ].map((derived) => derived.toString('hex'));

    expect(keys[0]).toHaveLength(64);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  function opens(sealed: Buffer): boolean {
    try {
      unseal(key, sealed, 'kid-1');
      return true;
    } catch {
      return false;
    }
  }
});
