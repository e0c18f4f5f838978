import { repeatsName } from './repeated-names.js';

describe('two members of one name', () => {
  it.each([
    String.raw`{"a":1,"a":1}`,
    String.raw`{ "a" : 1 , "a" : 2 }`,
    String.raw`{"a":1,"\u0061":2}`,
    String.raw`{"\"":1,"\u0022":2}`,
    String.raw`{"a":{"b":1,"c":2,"b":3}}`,
    String.raw`[{"a":1},{"b":[{"c":1,"c":2}]}]`,
    String.raw`{"a":{"x":1},"b":2,"a":{"y":1}}`,
    String.raw`{"":1,"":2}`,
  ])('are found in %s', (json) => {
    expect(repeatsName(json)).toBe(true);
  });

  it.each([
    String.raw`{}`,
    String.raw`{"a":1,"A":1}`,
    String.raw`{"a":{"a":{"a":1}}}`,
    String.raw`[{"a":1},{"a":1}]`,
    String.raw`{"a":{"b":1},"b":1}`,
    String.raw`{"a":"a","b":"\"a\":1,{"}`,
    String.raw`{"a":["b","b"],"b":"b"}`,
    String.raw`{"htu":"https:\/\/shop.example\/","a":1.50e1}`,
    String.raw`{"a\\":1,"a":2}`,
  ])('are not found in %s', (json) => {
    expect(repeatsName(json)).toBe(false);
  });

  it('are looked for in time that grows with the text alone', () => {
    const hostile = [
      `{"${'\\"'.repeat(4000)}":1}`,
      `{${'"a'.repeat(4000)}`,
      '{'.repeat(8000),
      '"'.repeat(8000),
    ];

    const begin = performance.now();
    hostile.forEach((text) => repeatsName(text));

    expect(performance.now() - begin).toBeLessThan(100);
  });
});
