import { Problem } from './problem.js';
import { MAX_DEPTH, MAX_MEMBERS, isInheritedName, readJsonBody } from './json-body.js';

const read = (text: string): unknown => readJsonBody(Buffer.from(text));

/** The problem's detail, or what was read. */
function outcomeOf(text: string | Buffer): unknown {
  try {
    return { read: readJsonBody(Buffer.from(text)) };
  } catch (error) {
    return error instanceof Problem && error.code === 'bad-request' ? error.detail : error;
  }
}

describe('a JSON body', () => {
  it.each([
    ['{"a":[1,"x",null,true,{"b":{}}]}', { a: [1, 'x', null, true, { b: {} }] }],
    [' [1, 2] \n', [1, 2]],
    ['"text"', 'text'],
    ['0', 0],
    ['null', null],
    [String.raw`{"a":"\"[{\\","b":"]}"}`, { a: '"[{\\', b: ']}' }],
    ['{"emoji":"🦊","escaped":"\\ud83e\\udd8a"}', { emoji: '🦊', escaped: '🦊' }],
  ])('is read: %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('is undefined when there is none', () => {
    expect(read('')).toBeUndefined();
  });

  it.each(['{', '[1,]', "{'a':1}", '{"a":NaN}', '{"a":1}{"b":2}', '// x', 'undefined', '\u0000', '"\n"'])(
    'is refused when it is no JSON: %j',
    (text) => {
      expect(outcomeOf(text)).toBe('The body is not JSON that we accept.');
    },
  );

  it.each([
    ['a byte UTF-8 never has', [0x22, 0xff, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['half a surrogate pair in bytes', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('is refused when it is not UTF-8: %s', (_, bytes) => {
    expect(outcomeOf(Buffer.from(bytes))).toBe('The body is not UTF-8.');
  });

  it.each([
    String.raw`"\u0000"`,
    String.raw`{"a":["x\ud800"]}`,
    String.raw`"\udc00x"`,
    String.raw`"\udc00\ud800"`,
    String.raw`{"\u0000":1}`,
    String.raw`{"a":{"\ud800":1}}`,
  ])('is refused with text that is no text: %s', (text) => {
    expect(outcomeOf(text)).toBe('The body holds a NUL character or half a surrogate pair.');
  });

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineSetter__',
  ])('is refused with the name %s, at any depth', (name) => {
    expect(typeof outcomeOf(`{"${name}":1}`)).toBe('string');
    expect(typeof outcomeOf(`[{"a":[{"${name}":{"polluted":true}}]}]`)).toBe('string');
    expect(typeof outcomeOf(`{"${name}":{"prototype":{"polluted":true}}}`)).toBe('string');
    expect({}).not.toHaveProperty('polluted');
    expect(isInheritedName(name)).toBe(true);
  });

  it.each(['proto', 'Constructor', 'prototypes', '', 'to string'])('may hold the name %j', (name) => {
    expect(outcomeOf(JSON.stringify({ [name]: 1 }))).toEqual({ read: { [name]: 1 } });
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('may nest 20 %s deep, and no deeper', (_, open, close) => {
    const nested = (depth: number) => `${open.repeat(depth)}0${close.repeat(depth)}`;

    expect(outcomeOf(nested(MAX_DEPTH))).toHaveProperty('read');
    expect(outcomeOf(nested(MAX_DEPTH + 1))).toBe('The body nests deeper than 20 levels.');
  });

  it('does not take brackets and commas within a text for structure', () => {
    const text = JSON.stringify({ a: '[{,'.repeat(2000), b: '"[\\"[' });

    expect(outcomeOf(text)).toHaveProperty('read');
  });

  it('refuses a bomb of brackets before it parses it', () => {
    const start = performance.now();

    const outcome = outcomeOf('['.repeat(1_000_000));

    expect(outcome).toBe('The body nests deeper than 20 levels.');
    expect(performance.now() - start).toBeLessThan(200);
  });

  it.each([
    ['a list', (count: number) => `[${Array.from({ length: count }, () => '0').join()}]`],
    ['an object', (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":0`).join()}}`],
    [
      'a list within',
      (count: number) => `{"a":[[],${Array.from({ length: count - 1 }, () => '[1,2]').join()}]}`,
    ],
  ])('may hold 1,000 members in %s, and no more', (_, write) => {
    expect(outcomeOf(write(MAX_MEMBERS))).toHaveProperty('read');
    expect(outcomeOf(write(MAX_MEMBERS + 1))).toBe(
      'The body has a list or object of more than 1000 members.',
    );
  });

  it('counts the members of each list on its own', () => {
    const thousand = `[${Array.from({ length: 1000 }, () => '0').join()}]`;

    expect(outcomeOf(`[${thousand},${thousand},[${thousand}]]`)).toHaveProperty('read');
  });
});
