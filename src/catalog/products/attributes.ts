import type { InputFault } from '../../http/problem.js';
import { pointerTo } from '../input/faults.js';
import { hasAtMost } from '../input/text-length.js';
import type { JsonObject } from '../merge-patch.js';

export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Record<string, AttributeValue>;

const MAX_ATTRIBUTES = 50;
const MAX_NAME_LENGTH = 64;
const MAX_TEXT_LENGTH = 500;
const MAX_LIST_LENGTH = 50;

/** What is wrong with the attributes of a product; nothing where they are `Attributes`. */
export function attributeFaults(attributes: JsonObject): InputFault[] {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES) {
    return [{ pointer: '/attributes', detail: `must hold at most ${MAX_ATTRIBUTES} attributes` }];
  }
  return entries.flatMap(([name, value]) => {
    const detail = faultOfName(name) ?? faultOfValue(value);
    return detail === null ? [] : [{ pointer: pointerTo('attributes', name), detail }];
  });
}

/** What is wrong with the name of an attribute or option, or `null`. */
export function faultOfName(name: string): string | null {
  return hasAtMost(MAX_NAME_LENGTH, name) && /^(?=.*\S)\P{Cc}+$/u.test(name)
    ? null
    : `must have a name of 1 to ${MAX_NAME_LENGTH} characters, not blank and without control characters`;
}

function faultOfValue(value: unknown): string | null {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return null;
  }
  if (typeof value === 'string') {
    return isShort(value) ? null : `must have at most ${MAX_TEXT_LENGTH} characters`;
  }
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    return 'must be a string, a number, true, false or a list of strings';
  }
  return value.length <= MAX_LIST_LENGTH && value.every(isShort)
    ? null
    : `must be a list of at most ${MAX_LIST_LENGTH} strings of at most ${MAX_TEXT_LENGTH} characters`;
}

function isShort(text: string): boolean {
  return hasAtMost(MAX_TEXT_LENGTH, text);
}
