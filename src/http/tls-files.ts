import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type Server } from 'node:tls';
import { Logger } from '@nestjs/common';
import type { Settings } from '../config/settings.js';

const WATCH_INTERVAL_MS = 2000;

/** Where certificate and key stand, as PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The files of our own certificate, or `null` where a proxy ends TLS or nobody does. */
export function tlsFilesOf({ TLS_CERT_FILE, TLS_KEY_FILE }: Settings): TlsFiles | null {
  return TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined
    ? { certificate: TLS_CERT_FILE, key: TLS_KEY_FILE }
    : null;
}

/** What Node needs of them: TLS 1.2 and up (RFC 9325 3.1.1). @throws Error when a file cannot be read */
export function readTlsFiles({ certificate, key }: TlsFiles) {
  return { cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.2' } as const;
}

/**
 * Takes a renewed certificate for new connections as soon as its files change; those that are open keep theirs. One
 * that cannot be used, such as a certificate whose key is not written yet, is logged and the old one kept.
 */
export function followTlsFiles(server: Server, files: TlsFiles): void {
  const logger = new Logger('Tls');
  const paths = [files.certificate, files.key];
  const take = (): void => {
    try {
      const renewed = readTlsFiles(files);
      createSecureContext(renewed);
      server.setSecureContext(renewed);
      logger.log('The certificate has been renewed');
    } catch (error) {
      logger.error({ err: error }, 'The new certificate cannot be used; the old one is kept');
    }
  };
  paths.forEach((path) => watchFile(path, { interval: WATCH_INTERVAL_MS, persistent: false }, take));
  server.once('close', () => paths.forEach((path) => unwatchFile(path, take)));
}
