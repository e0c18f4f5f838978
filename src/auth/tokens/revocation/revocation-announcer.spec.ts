import { Logger } from '@nestjs/common';
import { type Revocation, parseRevocations } from './revocation.js';
import { RevocationAnnouncer } from './revocation-announcer.js';

/** As long as one can be in JSON. */
const revocation = (number: number): Revocation => ({
  reach: 'user',
  subject: `ffffffff-ffff-ffff-ffff-${String(number).padStart(12, 'f')}`,
  version: 2_147_483_647,
  expiresAt: 8.64e15,
});
const revocations = (count: number): Revocation[] =>
  Array.from({ length: count }, (_, number) => revocation(number));

describe('announcing revocations', () => {
  beforeAll(() => Logger.overrideLogger(false));

  /** Remembers what was announced; the first answer waits until it is let go. */
  function slowDatabase() {
    const payloads: string[] = [];
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const notify = async (payload: string): Promise<void> => {
      payloads.push(payload);
      await answered;
    };
    return { payloads, notify, answer };
  }

  const countsBecome = async (payloads: readonly string[], total: number): Promise<number[]> => {
    const counts = (): number[] => payloads.map((payload) => parseRevocations(payload).length);
    while (counts().reduce((sum, count) => sum + count, 0) < total) {
      await new Promise(setImmediate);
    }
    return counts();
  };

  it('sends the first at once, and what comes before its answer together', async () => {
    const { payloads, notify, answer } = slowDatabase();
    const announcer = new RevocationAnnouncer(notify);

    for (const one of revocations(30)) {
      announcer.announce([one]);
    }
    const atOnce = payloads.length;
    answer();

    expect(atOnce).toBe(1);
    expect(await countsBecome(payloads, 30)).toEqual([1, 29]);
  });

  it('puts no more together than fit into one NOTIFY of 8,000 bytes, and loses none', async () => {
    const { payloads, notify, answer } = slowDatabase();
    const announcer = new RevocationAnnouncer(notify);
    answer();

    announcer.announce(revocations(230));
    const counts = await countsBecome(payloads, 230);

    expect(counts).toEqual([50, 50, 50, 50, 30]);
    expect(payloads.flatMap(parseRevocations)).toEqual(revocations(230));
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8000);
  });

  it('goes on with the next after one that failed', async () => {
    const payloads: string[] = [];
    const announcer = new RevocationAnnouncer(async (payload) => {
      payloads.push(payload);
      if (payloads.length === 1) {
        throw new Error('gone');
      }
    });

    announcer.announce(revocations(60));

    expect(await countsBecome(payloads, 60)).toEqual([50, 10]);
  });
});
