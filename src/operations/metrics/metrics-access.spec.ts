import { areOnTheApi, mayRead } from './metrics-access.js';

const TOKEN = '4kQJ3bX0m7nYVtqk2wZc8uHs5rLd9aEo';

describe('who may read metrics', () => {
  it.each([
    [{ isProduction: false }, true],
    [{ isProduction: true }, false],
    [{ isProduction: true, METRICS_TOKEN: TOKEN }, true],
    [{ isProduction: false, METRICS_PORT: 9464 }, false],
    [{ isProduction: true, METRICS_PORT: 9464, METRICS_TOKEN: TOKEN }, false],
  ])('with %j they are on the port of the API: %s', (settings, expected) => {
    expect(areOnTheApi(settings)).toBe(expected);
  });

  it.each([
    [`Bearer ${TOKEN}`, true],
    [TOKEN, false],
    [`Bearer ${TOKEN} `, false],
    [`Bearer ${TOKEN.slice(1)}`, false],
    ['', false],
    [undefined, false],
  ])('%j lets in where a token is asked for: %s', (authorization, expected) => {
    expect(mayRead(authorization, { isProduction: true, METRICS_TOKEN: TOKEN })).toBe(expected);
  });

  it('everybody may where none is asked for', () => {
    expect(mayRead(undefined, { isProduction: false })).toBe(true);
  });
});
