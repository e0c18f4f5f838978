import { fromDecimal, toDecimal } from './decimal-amount.js';

// ISO 4217, list one. `Intl` says 0 of HUF and PKR, and of IQD.
it.each([
  ['EUR', '19.99', 1999],
  ['JPY', '1999', 1999],
  ['HUF', '19990.00', 1_999_000],
  ['PKR', '1999.50', 199_950],
  ['KWD', '1.999', 1999],
  ['IQD', '1.999', 1999],
  ['EUR', '0.05', 5],
])('%s %s has its minor units by ISO 4217', (currency, text, amount) => {
  expect(fromDecimal(text, currency)).toBe(amount);
  expect(toDecimal(amount, currency)).toBe(text);
});

it.each([
  ['JPY', '19.99'],
  ['EUR', '1.999'],
  ['KWD', '1.9999'],
])('%s has no %s', (currency, text) => {
  expect(fromDecimal(text, currency)).toBeNull();
});
