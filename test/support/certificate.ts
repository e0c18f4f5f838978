import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** Settings of an app that serves HTTPS, with a certificate as `npm run certificate` makes it; a new one at each call. */
export function makeCertificate(folder = mkdtempSync(join(process.env['TEST_FOLDER'] ?? '', 'tls-'))): {
  TLS_CERT_FILE: string;
  TLS_KEY_FILE: string;
} {
  execFileSync(process.execPath, ['scripts/make-certificate.mjs', folder]);
  return { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
}
