/**
 * Digits behind the point where there are not two (ISO 4217, list one). Not those of `Intl`, which are the ones that are
 * shown (CLDR): forints have none there, and another release may show others.
 */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...digitsOf(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'),
  ...digitsOf(3, 'BHD IQD JOD KWD LYD OMR TND'),
]);

/** An amount in minor units as spreadsheets write it: 1999 EUR is `19.99`, 1999 JPY `1999`. */
export function toDecimal(amount: number, currency: string): string {
  const count = fractionDigits(currency);
  if (count === 0) {
    return String(amount);
  }
  const text = String(amount).padStart(count + 1, '0');
  return `${text.slice(0, -count)}.${text.slice(-count)}`;
}

/** The minor units of a decimal such as `19.99`, or `null` for what is none or is finer than the currency. */
export function fromDecimal(text: string, currency: string): number | null {
  const [, whole, fraction = ''] = /^(\d{1,15})(?:\.(\d{1,10}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) {
    return null;
  }
  const count = fractionDigits(currency);
  const significant = fraction.replace(/0+$/, '');
  return significant.length > count ? null : Number(whole + significant.padEnd(count, '0'));
}

function fractionDigits(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}

function digitsOf(count: number, currencies: string): [string, number][] {
  return currencies.split(' ').map((currency) => [currency, count]);
}
