import { deletionsOf, likeliest, soundAlikes } from './correction.js';

const candidates = (...words: string[]) => words.map((word) => ({ word, lexeme: word, weight: 'A' }));
const wordsFor = (word: string, ...others: string[]) =>
  likeliest(word, candidates(...others)).map((one) => one.word);

describe('corrections', () => {
  it('puts the nearest word first', () => {
    expect(wordsFor('samsnug', 'samsun', 'samsung')).toEqual(['samsung', 'samsun']);
  });

  it('puts a word with the same first letter before another', () => {
    expect(wordsFor('shose', 'hose', 'shoes')).toEqual(['shoes', 'hose']);
  });

  it('puts what sounds alike before what only looks alike', () => {
    expect(wordsFor('fones', 'bones', 'phones')).toEqual(['phones', 'bones']);
  });

  it('puts a word of titles before one of descriptions', () => {
    const [title, description] = candidates('table', 'cable');
    const found = likeliest('xable', [
      { word: 'cable', lexeme: 'cabl', weight: 'D' },
      { word: 'table', lexeme: 'tabl', weight: 'A' },
    ]);

    expect(found.map(({ word }) => word)).toEqual([title?.word, description?.word]);
  });

  it.each([
    ['tv', 'tb'],
    ['nike', 'nokia'],
    ['s24', 's23'],
    ['wh1000', 'wh1001'],
    ['lamps', 'stamping'],
  ])('takes %s not for %s', (word, other) => {
    expect(wordsFor(word, other)).toEqual([]);
  });

  it('knows what a word leaves without each letter, and its other spellings', () => {
    expect(deletionsOf('abc')).toEqual(['bc', 'ac', 'ab']);
    expect(soundAlikes('fone')).toEqual(['phone']);
    expect(soundAlikes('lamp')).toEqual([]);
  });
});
