import type { InputFault } from '../../http/problem.js';
import { pointerTo } from '../input/faults.js';
import { hasAtMost } from '../input/text-length.js';
import type { JsonObject } from '../merge-patch.js';
import type { MoneyDto } from '../money.dto.js';
import { faultOfName } from '../products/attributes.js';

/** A variant as far as its values depend on each other. */
export interface VariantValues {
  readonly sku: string;
  readonly price: MoneyDto;
  readonly compareAtPrice?: MoneyDto | null;
  readonly options?: JsonObject | null;
}

type Path = readonly (string | number)[];

const MAX_OPTIONS = 10;
const MAX_OPTION_LENGTH = 200;

/** What is wrong with the variants of a new product beyond what their class says; `/variants/0/…` points at the first. */
export function variantListFaults(variants: readonly VariantValues[]): InputFault[] {
  const currency = variants[0]?.price.currency;
  const skus = new Set<string>();
  return variants.flatMap((variant, index) => {
    const at = ['variants', index];
    const faults = [...variantFaults(variant, at), ...currencyFaults(variant.price, currency ?? null, at)];
    if (skus.has(variant.sku)) {
      faults.push({ pointer: pointerTo(...at, 'sku'), detail: 'is the SKU of another variant in this list' });
    }
    skus.add(variant.sku);
    return faults;
  });
}

/** What is wrong with one variant, taken alone. */
export function variantFaults(
  { price, compareAtPrice, options }: VariantValues,
  at: Path = [],
): InputFault[] {
  const faults = optionFaults(options ?? {}, [...at, 'options']);
  if (compareAtPrice && compareAtPrice.currency !== price.currency) {
    faults.push({
      pointer: pointerTo(...at, 'compareAtPrice', 'currency'),
      detail: `must be ${price.currency}, as for the price`,
    });
  }
  return faults;
}

/** Whether a price differs in currency from the other variants of its product; `null` where there are none. */
export function currencyFaults(price: MoneyDto, currency: string | null, at: Path = []): InputFault[] {
  return currency === null || price.currency === currency
    ? []
    : [
        {
          pointer: pointerTo(...at, 'price', 'currency'),
          detail: `must be ${currency}, as for the other variants`,
        },
      ];
}

function optionFaults(options: JsonObject, at: Path): InputFault[] {
  const entries = Object.entries(options);
  if (entries.length > MAX_OPTIONS) {
    return [{ pointer: pointerTo(...at), detail: `must hold at most ${MAX_OPTIONS} options` }];
  }
  return entries.flatMap(([name, value]) => {
    const isText = typeof value === 'string' && value !== '' && hasAtMost(MAX_OPTION_LENGTH, value);
    const detail =
      faultOfName(name) ?? (isText ? null : `must be a string of 1 to ${MAX_OPTION_LENGTH} characters`);
    return detail === null ? [] : [{ pointer: pointerTo(...at, name), detail }];
  });
}
