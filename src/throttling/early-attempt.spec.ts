import { EarlyAttempt } from './early-attempt.js';

describe('an attempt that is counted early', () => {
  let done: string[];
  beforeEach(() => {
    done = [];
  });

  const attempt = (isCounted: boolean): EarlyAttempt =>
    new EarlyAttempt(
      isCounted,
      async () => void done.push('counted'),
      () => void done.push('given back'),
    );

  it.each([
    ['counted and made', true, true, []],
    ['counted and not made', true, false, ['given back']],
    ['not counted and made', false, true, ['counted']],
    ['not counted and not made', false, false, []],
  ])('%s', async (_kind, isCounted, isMade, wanted) => {
    const early = attempt(isCounted);
    if (isMade) {
      await early.make();
    }
    early.end({ wasChecked: true });

    expect(done).toEqual(wanted);
  });

  it('is given back where it was made and could not be checked', async () => {
    const early = attempt(true);

    await early.make();
    early.end({ wasChecked: false });

    expect(done).toEqual(['given back']);
  });

  it('is made no more where there is no room when it is counted late', async () => {
    const refused = new Error('too many');
    const early = new EarlyAttempt(
      false,
      () => Promise.reject(refused),
      () => void done.push('given back'),
    );

    await expect(early.make()).rejects.toBe(refused);
    early.end({ wasChecked: true });

    expect(done).toEqual([]);
  });
});
