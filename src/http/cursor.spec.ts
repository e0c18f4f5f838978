import { crc32 } from 'node:zlib';
import { decodeCursor, encodeCursor } from './cursor.js';
import { Problem } from './problem.js';

/** A cursor that is whole, whatever its text. */
function cursorOf(text: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(text));
  return Buffer.concat([Buffer.from(text), sum]).toString('base64url');
}

/** The problem's code, or the key that was read. */
function outcomeOf(cursor: string, types: readonly ('string' | 'number')[] = ['string']): unknown {
  try {
    return decodeCursor('users', cursor, types);
  } catch (error) {
    return error instanceof Problem ? error.code : error;
  }
}

describe('a cursor', () => {
  it('gives back the key that a page ended with', () => {
    const cursor = encodeCursor('products:price', [1999, 'Straße 🦊', -1.5]);

    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor('products:price', cursor, ['number', 'string', 'number'])).toEqual([
      1999,
      'Straße 🦊',
      -1.5,
    ]);
  });

  it('belongs to one list, in one order', () => {
    expect(outcomeOf(encodeCursor('users', ['a']))).toEqual(['a']);
    expect(outcomeOf(encodeCursor('products', ['a']))).toBe('bad-request');
    expect(outcomeOf(encodeCursor('', ['a']))).toBe('bad-request');
  });

  it.each([
    ['nothing', ''],
    ['padding', `${encodeCursor('users', ['ab'])}=`],
    ['a letter more', `${encodeCursor('users', ['a'])}A`],
    ['a letter less', encodeCursor('users', ['a']).slice(0, -1)],
    ['the other alphabet of base64', 'Pz8/Pz8+'],
    ['letters of no alphabet', 'ü€!'],
    ['no JSON', cursorOf('["users","a"')],
    ['an object', cursorOf('{"0":"users","1":"a","length":2}')],
    ['null', cursorOf('null')],
    ['a text', cursorOf('"users"')],
    ['no key', cursorOf('["users"]')],
    ['a longer key', cursorOf('["users","a","b"]')],
    ['a number for a text', cursorOf('["users",1]')],
    ['null for a text', cursorOf('["users",null]')],
    ['a list for a text', cursorOf('["users",["a"]]')],
    ['an object for a text', cursorOf('["users",{"toString":"a"}]')],
  ])('is refused when it is damaged: %s', (_, cursor) => {
    expect(outcomeOf(cursor)).toBe('bad-request');
  });

  it('is refused with any of its letters changed, left out or doubled', () => {
    const cursor = encodeCursor('users', ['019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11']);
    const damaged = [...cursor].flatMap((letter, at) =>
      ['', 'A', 'b', '7', '-', `${letter}${letter}`]
        .filter((other) => other !== letter)
        .map((other) => `${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`),
    );

    expect(damaged.filter((one) => one !== cursor && outcomeOf(one) !== 'bad-request')).toEqual([]);
  });

  it('is refused with a text for a number', () => {
    expect(outcomeOf(cursorOf('["users","1"]'), ['number'])).toBe('bad-request');
    expect(outcomeOf(cursorOf('["users",1]'), ['number'])).toEqual([1]);
  });
});
