import { deviceOf } from './device.js';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('the device of a user agent', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
      'Firefox on Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`,
      'Chrome on macOS',
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36`,
      'Chrome on Android',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
      'Microsoft Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
        'Version/18.1 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    ['Googlebot/2.1 (+http://www.google.com/bot.html)', 'Googlebot'],
    ['Something/1.0 (Windows NT 10.0)', 'Windows'],
  ])('of %s is %s', (userAgent, device) => {
    expect(deviceOf(userAgent)).toBe(device);
  });

  it.each(['', ' ', 'node', 'curl/8.5.0', 'okhttp/4.12.0', 'Mozilla/5.0', '-', '()'])(
    'of “%s” is unknown',
    (userAgent) => {
      expect(deviceOf(userAgent)).toBeNull();
    },
  );

  it.each([
    '<script>alert(1)</script>/1 x (y)',
    'Your\u0000 Bank/1 x',
    '\u001b[31mOwned/1 \u0007',
    'Support: call 555-0100/1 (x)',
    '\u202eknab ruoY/1 x',
    '__proto__/1 (constructor)',
  ])('repeats nothing that somebody wrote into it: %j', (userAgent) => {
    expect(deviceOf(userAgent)).toBeNull();
  });

  it.each([
    'x/',
    '(',
    '/ (',
    'a',
    '\t',
    ' ',
    'Chrome/',
    'Version/1 ',
    'Android ',
    'Mozilla/5.0 (',
    '\u0000',
    ';',
  ])('is found in no time worth mentioning in 500 characters of %j', (piece) => {
    const userAgent = piece.repeat(500).slice(0, 500);

    const start = performance.now();
    const device = deviceOf(userAgent);

    expect(performance.now() - start).toBeLessThan(50);
    expect(device ?? '').toMatch(/^[\w ]*$/);
  });
});
