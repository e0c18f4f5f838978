const TRIES = 1000;

/** Asks again and again until the answer is yes. @throws Error after a thousand times */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await isSo()) {
      return;
    }
  }
  throw new Error(`still not so after ${TRIES} tries`);
}
