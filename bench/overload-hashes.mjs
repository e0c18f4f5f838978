// How many passwords the machine checks in a second and nothing else, in as many threads as it has cores.
import { availableParallelism } from 'node:os';
import { verify } from '@node-rs/argon2';

const [, , storedHash, password, seconds] = process.argv;
const end = performance.now() + Number(seconds) * 1000;
let checked = 0;
const begin = performance.now();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (performance.now() < end) {
      await verify(storedHash, password);
      checked++;
    }
  }),
);
process.stdout.write(String(checked / ((performance.now() - begin) / 1000)));
