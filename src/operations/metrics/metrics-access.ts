import { createHash, timingSafeEqual } from 'node:crypto';
import type { Settings } from '../../config/settings.js';

type MetricsSettings = Pick<Settings, 'METRICS_TOKEN' | 'METRICS_PORT' | 'isProduction'>;

/** Whether the port of the API answers at all: not where metrics have their own, nor in production without a token. */
export function areOnTheApi({ METRICS_PORT, METRICS_TOKEN, isProduction }: MetricsSettings): boolean {
  return METRICS_PORT === undefined && (METRICS_TOKEN !== undefined || !isProduction);
}

/** Whether an `Authorization` header lets somebody read metrics; without `METRICS_TOKEN` everybody may. */
export function mayRead(authorization: string | undefined, { METRICS_TOKEN }: MetricsSettings): boolean {
  return (
    METRICS_TOKEN === undefined ||
    timingSafeEqual(digestOf(`Bearer ${METRICS_TOKEN}`), digestOf(authorization))
  );
}

// Of one length, whatever was sent.
function digestOf(text = ''): Buffer {
  return createHash('sha256').update(text).digest();
}
