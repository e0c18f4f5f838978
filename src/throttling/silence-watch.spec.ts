import { SilenceWatch } from './silence-watch.js';

describe('watching for silence', () => {
  let silences: string[];
  let watch: SilenceWatch;
  beforeEach(() => {
    jest.useFakeTimers();
    silences = [];
    watch = new SilenceWatch(({ message }) => silences.push(message));
  });
  afterEach(() => {
    watch.stop();
    jest.useRealTimers();
  });

  const never = (): Promise<void> => new Promise(() => undefined);

  it('notices that a question is not answered for half a second', async () => {
    void watch.until(never());

    await jest.advanceTimersByTimeAsync(500);
    const before = [...silences];
    await jest.advanceTimersByTimeAsync(100);

    expect(before).toEqual([]);
    expect(silences).toEqual(['no answer in 0.5 s']);
  });

  it('is content while anything is answered, whatever else waits', async () => {
    void watch.until(never());

    for (let times = 0; times < 20; times++) {
      await jest.advanceTimersByTimeAsync(300);
      await watch.until(Promise.resolve());
    }

    expect(silences).toEqual([]);
  });

  it('is content while nothing is asked', async () => {
    await watch.until(Promise.resolve());

    await jest.advanceTimersByTimeAsync(10_000);

    expect(silences).toEqual([]);
  });

  it('hands on the answer, or the error', async () => {
    await expect(watch.until(Promise.resolve(7))).resolves.toBe(7);
    await expect(watch.until(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });
});
