import { readFormBody } from './form-body.js';
import { Problem } from './problem.js';

describe('a form', () => {
  const read = (text: string | Buffer): [string, string][] => [...readFormBody(Buffer.from(text))];

  it.each<[string, [string, string][]]>([
    [
      'token=abc&token_type_hint=x',
      [
        ['token', 'abc'],
        ['token_type_hint', 'x'],
      ],
    ],
    ['token=a+b%2Bc%3D%26', [['token', 'a b+c=&']]],
    ['token=%E2%82%AC', [['token', '€']]],
    ['token=a=b', [['token', 'a=b']]],
    ['&&token=a&', [['token', 'a']]],
    ['', []],
  ])('reads %s', (text, parameters) => {
    expect(read(text)).toEqual(parameters);
  });

  it('takes a parameter without a value as if it were not there (RFC 6749 3.2)', () => {
    expect(read('token=&hint&other=1')).toEqual([['other', '1']]);
  });

  it.each(['token=a&token=b', 'token=a&token=a', 'token=a&token=', 'to%6ben=a&token=b'])(
    'refuses a parameter that comes twice (RFC 6749 3.2): %s',
    (text) => {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    },
  );

  it('refuses bytes that are no UTF-8', () => {
    expect(() => read(Buffer.from([0x74, 0x3d, 0xff]))).toThrow(Problem);
  });

  it.each(['__proto__', 'constructor', 'toString'])('holds the name %s as any other', (name) => {
    expect(read(`${name}=1`)).toEqual([[name, '1']]);
    expect({}).not.toHaveProperty('1');
  });

  it('reads as many parameters as fit in no time worth mentioning', () => {
    const text = Array.from({ length: 3000 }, (_, index) => `${index.toString(36)}=1`).join('&');

    const start = performance.now();
    const parameters = read(text);

    expect(parameters).toHaveLength(3000);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
