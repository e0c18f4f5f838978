import { isCurrency } from '../input/currency.js';

const digits = new Map<string, number>();

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
  if (whole === undefined || !isCurrency(currency)) {
    return null;
  }
  const count = fractionDigits(currency);
  const significant = fraction.replace(/0+$/, '');
  return significant.length > count ? null : Number(whole + significant.padEnd(count, '0'));
}

// Looked up once a currency: making a number format takes as long as reading a hundred rows.
function fractionDigits(currency: string): number {
  const known = digits.get(currency);
  if (known !== undefined) {
    return known;
  }
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const count = format.resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(currency, count);
  return count;
}
