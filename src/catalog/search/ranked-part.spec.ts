import { readRankedPart, writeRankedPart } from './ranked-part.js';

const [OLD, NEW] = ['01890000-0000-7000-8000-000000000000', '01890000-0000-7000-8000-0000000000ff'];

describe('the ranked part of a search', () => {
  it('is a short text', () => {
    expect(writeRankedPart({ to: NEW })).toBe(`${NEW} all`);
    expect(writeRankedPart({ to: NEW, cut: { tier: 2, from: OLD } })).toBe(`${NEW} 2 ${OLD}`);
  });

  it('is the same when it is written and read', () => {
    expect(readRankedPart(`${NEW} all`)).toEqual({ to: NEW });
    expect(readRankedPart(`${NEW} 2 ${OLD}`)).toEqual({ to: NEW, cut: { tier: 2, from: OLD } });
  });

  it.each([
    '',
    NEW,
    'all',
    `${NEW} `,
    `${NEW} some`,
    `${NEW} all ${OLD}`,
    `x all`,
    `2 ${OLD}`,
    `${NEW} 2`,
    `${NEW} 2 x`,
    `${NEW} 22 ${OLD}`,
    `${NEW} 2 ${OLD} x`,
  ])('is not read from %j', (text) => {
    expect(readRankedPart(text)).toBeNull();
  });
});
