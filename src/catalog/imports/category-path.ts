import type { InputFault } from '../../http/problem.js';
import { MAX_DEPTH } from '../categories/categories.service.js';
import { pointerTo } from '../input/faults.js';

const NAME = /^(?=[^]*[^\s\p{Cc}\p{Cf}])\P{Cc}{1,100}$/u;

/** What is wrong with the paths of categories that a product names, such as `Electronics/Audio`. */
export function categoryPathFaults(paths: readonly string[]): InputFault[] {
  return paths.flatMap((path, index) => {
    const names = path.split('/');
    const detail =
      names.length > MAX_DEPTH
        ? `is too deep: the tree has at most ${MAX_DEPTH} levels`
        : names.every((name) => name.length <= 100 && NAME.test(name))
          ? null
          : 'must be names of 1 to 100 characters joined by slashes, each with something to see and without control characters';
    return detail === null ? [] : [{ pointer: pointerTo('categories', index), detail }];
  });
}

/** Every path above and at these, parents before their children. */
export function withParents(paths: Iterable<string>): string[] {
  const all = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      all.add(path.slice(0, end));
    }
    all.add(path);
  }
  return [...all].toSorted((one, other) => one.split('/').length - other.split('/').length);
}
