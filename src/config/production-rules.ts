import type { Settings } from './settings.js';
import { weaknessOf } from './weak-secrets.js';

/** What production demands on top of the checks of each setting; one sentence a fault. */
export function productionFaults(settings: Settings, given: Readonly<Record<string, string>>): string[] {
  const faults: string[] = [];
  if (!settings.DATABASE_URL) {
    faults.push(
      'DATABASE_URL is missing: production needs a PostgreSQL server, the embedded database is for development.',
    );
  }
  if (!given['JWT_ISSUER']) {
    faults.push(
      'JWT_ISSUER is missing: set it to the public address of this API, such as https://api.shop.example.',
    );
  }
  if (!settings.TLS_CERT_FILE && settings.TRUSTED_PROXIES.length === 0) {
    faults.push(
      'HTTPS is missing: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES to the proxy that ends TLS.',
    );
  }
  if (settings.EMAIL_VERIFICATION === 'required' && !settings.MAIL_URL) {
    faults.push(
      'MAIL_URL is missing: with EMAIL_VERIFICATION=required nobody could register without a mail.',
    );
  }
  for (const name of ['MAIL_FROM', 'PASSWORD_RESET_URL', 'EMAIL_VERIFICATION_URL']) {
    if (settings.MAIL_URL && !given[name]) {
      faults.push(
        `${name} is missing: who is sent mail has to know the sender, and be led to a page of yours.`,
      );
    }
  }
  for (const name of ['KEY_ENCRYPTION_SECRET', 'METRICS_TOKEN'] as const) {
    const secret = settings[name];
    const weakness = secret === undefined ? null : weaknessOf(secret);
    if (weakness) {
      faults.push(`${name} ${weakness}; make one with: openssl rand -base64 32`);
    }
  }
  return faults;
}
