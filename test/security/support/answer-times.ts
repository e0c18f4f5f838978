import type { TestApp } from '../../support/app.js';

/**
 * How often the slower of two answers belongs to a particular one of the two addresses: half of the time where time tells
 * nothing. Unlike medians of requests this short, it is not moved by what else the machine does: 200 tries each differ
 * from a half by 0.029 (one standard deviation).
 */
export function slowerShare(times: readonly number[], others: readonly number[]): number {
  const wins = times.flatMap((time) => others.map((other) => (Math.sign(time - other) + 1) / 2));
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}

/** Milliseconds by address: of the answers, and of the requests that come right after them. */
export interface AnswerTimes {
  readonly ofAnswers: readonly number[][];
  readonly ofNext: readonly number[][];
}

/** How long an answer takes for each address, over so many tries, one request after the other. */
export async function timesInTurn(
  app: TestApp,
  emails: readonly string[],
  tries: number,
  ask: (email: string) => Promise<unknown>,
): Promise<AnswerTimes> {
  const ofAnswers = emails.map((): number[] => []);
  const ofNext = emails.map((): number[] => []);
  for (let taken = 0; taken < tries; taken++) {
    for (let turn = 0; turn < emails.length; turn++) {
      // Another one goes first each time, for what is sent in the background burdens whoever comes next.
      const index = (taken + turn) % emails.length;
      const start = performance.now();
      await ask(emails[index] ?? '');
      const answered = performance.now();
      await app.get('/health/live');
      ofAnswers[index]?.push(answered - start);
      ofNext[index]?.push(performance.now() - answered);
    }
  }
  return { ofAnswers, ofNext };
}
