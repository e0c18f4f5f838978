import { editDistance } from './edit-distance.js';

describe('editDistance', () => {
  it.each([
    ['samsung', 'samsung', 0],
    ['samsnug', 'samsung', 1],
    ['samsug', 'samsung', 1],
    ['samssung', 'samsung', 1],
    ['samzung', 'samsung', 1],
    ['headfones', 'headphones', 2],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['ca', 'abc', 3],
    ['наушнеки', 'наушники', 1],
  ])('from %s to %s is %d', (word, other, distance) => {
    expect(editDistance(word, other)).toBe(distance);
    expect(editDistance(other, word)).toBe(distance);
  });

  it.each([
    ['headph', 'headphones', 0],
    ['headfo', 'headphones', 2],
    ['haedph', 'headphones', 1],
    ['headphones', 'head', 6],
  ])('from %s to the best beginning of %s is %d', (word, other, distance) => {
    expect(editDistance(word, other, 'prefix')).toBe(distance);
  });
});
