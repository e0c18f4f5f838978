/** A row of `product_documents` as JSON. */
export type DocumentRow = Readonly<Record<string, unknown>>;

const LONGEST_VALUE = 100;

/** What is different between a document and what it has to be, in words; the body member by member. */
export function documentDifferences(expected: DocumentRow | null, found: DocumentRow | null): string[] {
  if (expected === null) {
    return ['has a document, but no product'];
  }
  if (found === null) {
    return ['has no document'];
  }
  const columns = Object.keys(expected).filter((name) => name !== 'head' && name !== 'tail');
  return [
    ...columns.flatMap((name) => memberDifferences(name, expected[name], found[name])),
    ...bodyDifferences(bodyOf(expected), bodyOf(found)),
  ];
}

function bodyOf({ head, tail }: DocumentRow): string {
  return `${String(head)}${String(tail)}`;
}

function bodyDifferences(expected: string, found: string): string[] {
  if (expected === found) {
    return [];
  }
  const parsed = parse(found);
  if (parsed === undefined) {
    return ['body: is no JSON'];
  }
  const differences = memberDifferences('body', JSON.parse(expected), parsed);
  return differences.length > 0 ? differences : ['body: is spelt in another way'];
}

function memberDifferences(at: string, expected: unknown, found: unknown): string[] {
  if (isCompound(expected) && isCompound(found) && Array.isArray(expected) === Array.isArray(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...names].flatMap((name) =>
      memberDifferences(`${at}/${name}`, Reflect.get(expected, name), Reflect.get(found, name)),
    );
  }
  return Object.is(expected, found) ? [] : [`${at}: ${shown(found)} instead of ${shown(expected)}`];
}

function isCompound(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
