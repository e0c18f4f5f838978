import { Problem } from '../http/problem.js';
import {
  entityTag,
  entityTagWith,
  isNoneMatchHit,
  productTag,
  refuseMismatch,
  refuseOtherRevision,
  requireMatch,
} from './entity-tag.js';

function codeOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
}

it('RFC 9110 8.8.3: writes a strong tag in quotes', () => {
  expect(entityTag(3)).toBe('"3"');
});

describe('the tag of a product', () => {
  const one = { id: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11', revision: 3 };

  it('is its revision and the end of its id, which products made at the same time do not share', () => {
    expect(productTag(one)).toBe('"3.2b6f0e7a8c11"');
    expect(productTag({ ...one, id: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c12' })).toBe('"3.2b6f0e7a8c12"');
  });
});

describe('If-None-Match', () => {
  it.each(['"3"', 'W/"3"', '"1", "3"', '"1",W/"3" ', '*', ' * '])(
    'RFC 9110 13.1.2: %s is a hit',
    (header) => {
      expect(isNoneMatchHit(header, '"3"')).toBe(true);
    },
  );

  it.each([undefined, '', '"1"', '3', '"33"', '"a,3"', '"**"'])('RFC 9110 13.1.2: %s is none', (header) => {
    expect(isNoneMatchHit(header, '"3"')).toBe(false);
  });
});

describe('If-Match', () => {
  const product = { id: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11', revision: 3 };

  it.each(['"3.2b6f0e7a8c11"', '"1", "3.2b6f0e7a8c11"', '"3"', '*'])(
    'RFC 9110 13.1.1: %s matches',
    (header) => {
      expect(codeOf(() => requireMatch(header, product))).toBeNull();
      expect(codeOf(() => refuseMismatch(header, product))).toBeNull();
    },
  );

  it.each([
    '"2"',
    '"2.2b6f0e7a8c11"',
    '"3.2b6f0e7a8c12"',
    '"3.2b6f0e7a8c11x"',
    'W/"3.2b6f0e7a8c11"',
    'W/"3"',
    '3',
    '',
    '"3',
    '"2", "4"',
  ])('RFC 9110 13.1.1: %s does not match', (header) => {
    expect(codeOf(() => requireMatch(header, product))).toBe('precondition-failed');
    expect(codeOf(() => refuseMismatch(header, product))).toBe('precondition-failed');
  });

  it('counts the revision of a tag that tells of others too, and nothing else of it', () => {
    const tag = entityTagWith(3, 'what is shown');

    expect(tag).toMatch(/^"3\.[\w-]{22}"$/);
    expect(codeOf(() => refuseOtherRevision(tag, 3))).toBeNull();
    expect(codeOf(() => refuseOtherRevision('"3"', 3))).toBeNull();
    for (const header of [
      entityTagWith(2, 'what is shown'),
      `W/${tag}`,
      tag.replace(/"$/, 'x"'),
      '"3."',
      '"3.x"',
      '"3.x.y"',
      '".x"',
    ]) {
      expect([header, codeOf(() => refuseOtherRevision(header, 3))]).toEqual([header, 'precondition-failed']);
    }
  });

  it('RFC 6585 3: is asked for where it is required, and only there', () => {
    expect(codeOf(() => requireMatch(undefined, product))).toBe('precondition-required');
    expect(codeOf(() => refuseMismatch(undefined, product))).toBeNull();
    expect(codeOf(() => refuseOtherRevision(undefined, 3))).toBeNull();
  });
});
