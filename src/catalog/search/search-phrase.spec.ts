import { isStem, phraseQuery, readPhrase, type SearchPhrase, writePhrase } from './search-phrase.js';

const PHRASE: SearchPhrase = {
  terms: [[['head', 'phone'], ['headphon']], [['зеленый']]],
  match: 'any',
  sku: 'ab1',
};

describe('a search phrase', () => {
  it('is a tsquery', () => {
    expect(phraseQuery(PHRASE)).toBe("(('head' <-> 'phone') | ('headphon')) | (('зеленый'))");
    expect(phraseQuery({ ...PHRASE, match: 'all' })).toBe(
      "(('head' <-> 'phone') | ('headphon')) & (('зеленый'))",
    );
  });

  it('is the same when it is written and read', () => {
    expect(readPhrase(writePhrase(PHRASE))).toEqual(PHRASE);
    expect(readPhrase(writePhrase({ terms: [], match: 'all', sku: null }))).toEqual({
      terms: [],
      match: 'all',
      sku: null,
    });
  });

  it('holds words of letters and digits in any script, and no others', () => {
    expect(
      ['headphon', 'зеленый', 'سماعات', '漢', 'é', '½', '5', 'ก็'].filter((word) => !isStem(word)),
    ).toEqual([]);
    expect(
      ['', ' ', '،', 'سماعات،', '־', '་', '・', '₿', '\u0378', '\ue000', "a'b", 'a'.repeat(256)].filter(
        isStem,
      ),
    ).toEqual([]);
  });

  it.each([
    '',
    'all',
    'some  a',
    "all  a'b",
    'all  a b\\',
    'all  a||b',
    'all  a--b',
    'all  a&b',
    'all s-k a',
  ])('is not read from %j', (text) => {
    expect(readPhrase(text)).toBeNull();
  });
});
