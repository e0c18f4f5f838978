// In use since ISO 4217 amendments 172 to 177, which not every Node knows.
const RECENT = ['SLE', 'VED', 'XCG', 'ZWG'];

const CURRENCIES: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('currency'), ...RECENT]);

/** Whether a value is a currency code of ISO 4217, in upper case. */
export function isCurrency(value: unknown): boolean {
  return typeof value === 'string' && CURRENCIES.has(value);
}
