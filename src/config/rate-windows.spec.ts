import { parseRateWindows } from './rate-windows.js';

describe('limits as they are set', () => {
  it('are a number for the default window', () => {
    expect(parseRateWindows('600', 60)).toEqual([{ limit: 600, windowMs: 60_000 }]);
  });

  it('are several windows, the shortest first', () => {
    expect(parseRateWindows('20000/h, 600/m,20/s', 60)).toEqual([
      { limit: 20, windowMs: 1000 },
      { limit: 600, windowMs: 60_000 },
      { limit: 20_000, windowMs: 3_600_000 },
    ]);
  });

  it('may have windows of any length up to a day', () => {
    expect(parseRateWindows('10/15m,100/1d', 60)).toEqual([
      { limit: 10, windowMs: 900_000 },
      { limit: 100, windowMs: 86_400_000 },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no number', 'many'],
    ['zero', '0'],
    ['a negative number', '-1'],
    ['a fraction', '1.5'],
    ['too much', '10000001'],
    ['no window', '10/'],
    ['a window of nothing', '10/0s'],
    ['a window over a day', '10/2d'],
    ['an unknown unit', '10/w'],
    ['one window twice', '10/m,20/60s'],
    ['a window twice, once by default', '10,20/m'],
    ['six windows', '1/1s,1/2s,1/3s,1/4s,1/5s,1/6s'],
    ['an end with a comma', '10/m,'],
  ])('are refused with %s', (_what, text) => {
    expect(parseRateWindows(text, 60)).toBeUndefined();
  });
});
