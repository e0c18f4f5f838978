import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { faultsOf } from '../../http/input.pipe.js';
import { readJson } from '../../http/json-body.js';
import { type InputFault, Problem } from '../../http/problem.js';
import { categoryPathFaults } from './category-path.js';
import { type LineFault, type LineText, storableReason } from '../formats/staged-line.js';
import { isJsonObject } from '../merge-patch.js';
import { attributeFaults } from '../products/attributes.js';
import { variantListFaults } from '../variants/variant-faults.js';
import { ImportLineDto } from './dto/import-line.dto.js';

/** A product of an import whose values are allowed. */
export interface Draft {
  readonly line: number;
  readonly product: ImportLineDto & { readonly variants: NonNullable<ImportLineDto['variants']> };
}

const MAX_FAULTS = 5;

/** Reads one line by the rules of `POST /v1/products`, or says what is wrong with it at this time. */
export function readDraft({ line, text }: LineText, now: Date): Draft | LineFault {
  try {
    const value = readJson(text, 'The line');
    if (!isJsonObject(value)) {
      return { line, reason: 'The line is not a JSON object.' };
    }
    const product = plainToInstance(ImportLineDto, value);
    const faults = faultsOfProduct(product, now);
    const { variants } = product;
    return faults.length > 0 || !variants
      ? { line, reason: reasonOf(faults) }
      : { line, product: Object.assign(product, { variants }) };
  } catch (error) {
    if (error instanceof Problem) {
      return { line, reason: error.detail };
    }
    throw error;
  }
}

/** Whether a line could be read. */
export function isDraft(read: Draft | LineFault): read is Draft {
  return 'product' in read;
}

// What depends on each other is looked at only where each value is allowed.
function faultsOfProduct(product: ImportLineDto, now: Date): InputFault[] {
  const errors = validateSync(product, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
  });
  const faults = errors.flatMap((error) => faultsOf(error, ''));
  if (product.variants === undefined) {
    faults.push({ pointer: '/variants', detail: 'must be a list, which may be empty' });
  }
  return faults.length > 0
    ? faults
    : [
        ...attributeFaults(product.attributes ?? {}),
        ...variantListFaults(product.variants ?? []),
        ...categoryPathFaults(product.categories ?? []),
        ...publicationFaults(product.publishedAt, now),
      ];
}

/** How far the clocks of two servers may differ, in milliseconds. */
const CLOCK_TOLERANCE = 60_000;

// It would look like a date to publish it at, and there are none.
function publicationFaults(publishedAt: string | undefined, now: Date): InputFault[] {
  return publishedAt !== undefined && new Date(publishedAt).getTime() > now.getTime() + CLOCK_TOLERANCE
    ? [{ pointer: '/publishedAt', detail: 'must not lie in the future' }]
    : [];
}

function reasonOf(faults: readonly InputFault[]): string {
  const named = faults.slice(0, MAX_FAULTS).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const rest = faults.length > MAX_FAULTS ? [`and ${faults.length - MAX_FAULTS} more`] : [];
  return storableReason([...named, ...rest].join('; '));
}
