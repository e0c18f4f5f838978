import { isSlug, slugFrom } from './slug.js';

describe('slugFrom', () => {
  it.each([
    ['Trail Running Shoe', 'trail-running-shoe'],
    ['  Smörgås & Brød  ', 'smorgas-brod'],
    ['Straße', 'strasse'],
    ['Æble œuvre Łódź', 'aeble-oeuvre-lodz'],
    ['İstanbul ışık', 'istanbul-isik'],
    ["Men's Jacket – 2nd gen.", 'mens-jacket-2nd-gen'],
    ['ﬁne Ｆｕｌｌ ½', 'fine-full-1-2'],
    ['iPhone 15 ケース', 'iphone-15'],
    ['カバン', ''],
    ['---', ''],
  ])('makes %j into %j', (title, slug) => {
    expect(slugFrom(title)).toBe(slug);
  });

  it('leaves room for a number behind a long title, and cuts between words', () => {
    const slug = slugFrom('lorem ipsum '.repeat(20));

    expect(slug).toMatch(/^(lorem-ipsum-)+(lorem|lorem-ipsum)$/);
    expect(slug.length).toBeLessThanOrEqual(180);
  });

  it('cuts a single long word', () => {
    expect(slugFrom('x'.repeat(200))).toBe('x'.repeat(180));
  });

  it('never looks like an id', () => {
    expect(slugFrom('019DD1A5-0c5c-7d0e-9f3a-2b6f0e7a8c11')).toBe(
      'item-019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11',
    );
  });
});

describe('isSlug', () => {
  it.each(['a', 'shoe-2', '2-in-1', 'x'.repeat(200)])('accepts %j', (text) => {
    expect(isSlug(text)).toBe(true);
  });

  it.each([
    '',
    'A',
    'a--b',
    '-a',
    'a-',
    'a b',
    'a_b',
    'ä',
    'a\n',
    'x'.repeat(201),
    '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11', // prettier-ignore
  ])('refuses %j', (text) => {
    expect(isSlug(text)).toBe(false);
  });
});
