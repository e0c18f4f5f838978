import { invalidField } from '../../http/problem.js';
import { pointerTo, refuseFaults } from '../input/faults.js';
import { mergePatch } from '../merge-patch.js';
import type { MoneyDto, MoneyPatchDto } from '../money.dto.js';
import type { UpdateVariantDto } from './dto/update-variant.dto.js';
import { currencyFaults, variantFaults } from './variant-faults.js';
import type { Variant } from './variant.entity.js';

/**
 * A variant with a merge patch (RFC 7396) applied, and the currency of its prices.
 * @throws Problem `validation-failed` where the result is no variant, or has another currency than its siblings
 */
export function patchedVariant(
  current: Variant,
  currency: string,
  patch: UpdateVariantDto,
  hasSiblings: boolean,
): { variant: Variant; currency: string } {
  const price = { amount: current.price, currency, ...patch.price };
  const compareAt = current.compareAtPrice === null ? null : { amount: current.compareAtPrice, currency };
  const values = {
    sku: patch.sku ?? current.sku,
    price,
    compareAtPrice: patchedPrice(compareAt, patch.compareAtPrice),
    options: patch.options === null ? {} : mergePatch(current.options, patch.options ?? {}),
  };
  refuseFaults([...variantFaults(values), ...currencyFaults(price, hasSiblings ? currency : null)]);
  const variant: Variant = {
    ...current,
    sku: values.sku,
    title: patch.title === undefined ? current.title : patch.title,
    price: price.amount,
    compareAtPrice: values.compareAtPrice?.amount ?? null,
    stock: patch.stock ?? current.stock,
    // `variantFaults` has seen that they are texts.
    options: values.options as Record<string, string>,
  };
  return { variant, currency: price.currency };
}

function patchedPrice(current: MoneyDto | null, patch: MoneyPatchDto | null | undefined): MoneyDto | null {
  if (patch === null || (patch === undefined && current === null)) {
    return null;
  }
  const { amount, currency }: MoneyPatchDto = { ...current, ...patch };
  if (amount === undefined || currency === undefined) {
    const missing = amount === undefined ? 'amount' : 'currency';
    throw invalidField(
      pointerTo('compareAtPrice', missing),
      'must be given, for there is no price to change',
    );
  }
  return { amount, currency };
}
