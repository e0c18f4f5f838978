const NAMES_AND_BRACES = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/**
 * Whether an object in a JSON text that `JSON.parse` accepts has two members of one name, at any depth and however they
 * are written (RFC 7519 4): `JSON.parse` takes the last of them, other readers the first.
 */
export function repeatsName(json: string): boolean {
  const open: Set<unknown>[] = [];
  for (const [token, colon] of json.matchAll(NAMES_AND_BRACES)) {
    if (token === '{') {
      open.push(new Set());
    } else if (token === '}') {
      open.pop();
    } else if (colon !== undefined) {
      const name: unknown = JSON.parse(token.slice(0, -colon.length));
      const names = open.at(-1);
      if (names?.has(name)) {
        return true;
      }
      names?.add(name);
    }
  }
  return false;
}
