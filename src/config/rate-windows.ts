import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { parseDuration } from './duration.js';
import { IsThat } from './setting-decorators.js';

/** So many hits in so many milliseconds. */
export interface RateWindow {
  readonly limit: number;
  readonly windowMs: number;
}

const MAX_WINDOWS = 5;
const MAX_LIMIT = 10_000_000;
const MAX_WINDOW_SECONDS = 86_400;

/**
 * Reads limits such as `600`, `600/1m` or `20/s,600/m,20000/h`, the shortest window first. A number alone is for the
 * default window. Anything else, one window twice, or more than five of them, is `undefined`.
 */
export function parseRateWindows(text: string, defaultSeconds: number): RateWindow[] | undefined {
  const windows = text
    .split(',')
    .map((part) => parseWindow(part.trim(), defaultSeconds))
    .toSorted((one, other) => one.windowMs - other.windowMs);
  const isRight =
    windows.length <= MAX_WINDOWS &&
    new Set(windows.map(({ windowMs }) => windowMs)).size === windows.length &&
    windows.every(
      ({ limit, windowMs }) =>
        limit >= 1 && limit <= MAX_LIMIT && windowMs >= 1000 && windowMs <= MAX_WINDOW_SECONDS * 1000,
    );
  return isRight ? windows : undefined;
}

/** A setting that says how often something is allowed; a number alone is for `defaultSeconds`. */
export function IsRateLimit(defaultSeconds: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? parseRateWindows(value, defaultSeconds) : value,
    ),
    IsThat(
      Array.isArray,
      'must be a whole number from 1 to 10000000, or up to five limits with different windows of at most a day, such as 20/s,600/m,20000/h',
    ),
  );
}

// Not a number, or one that is out of bounds, where it does not fit.
function parseWindow(part: string, defaultSeconds: number): RateWindow {
  const match = /^(\d{1,8})(?:\/(\d{0,6}[smhd]))?$/.exec(part);
  const window = match?.[2];
  const seconds =
    window === undefined ? defaultSeconds : parseDuration(/^\d/.test(window) ? window : `1${window}`);
  return { limit: match ? Number(match[1]) : NaN, windowMs: seconds * 1000 };
}
