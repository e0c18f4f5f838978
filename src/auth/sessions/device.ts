import { BROWSER_MAP, OS_MAP, parse } from 'bowser';

const NAMES: ReadonlySet<string> = new Set([...Object.values(BROWSER_MAP), ...Object.values(OS_MAP)]);

/**
 * What a user agent says of a device, such as `Firefox on Windows`, or `null` where it says nothing that we know. Only
 * names of the library's own lists come out: it would take others from the user agent, which anybody can write.
 */
export function deviceOf(userAgent: string): string | null {
  if (userAgent === '') {
    return null;
  }
  const { browser, os } = parse(userAgent);
  const known = [browser.name, os.name].filter((name) => name !== undefined && NAMES.has(name));
  return known.length > 0 ? known.join(' on ') : null;
}
