// Makes a certificate for HTTPS on this machine: npm run certificate [-- FOLDER]
// For development only: nobody has signed it, so a browser asks before it goes on, and curl wants --cacert.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generate } from 'selfsigned';

const folder = resolve(process.argv[2] ?? '.data/tls');
const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
  keyType: 'ec',
  curve: 'P-256',
  algorithm: 'sha256',
  notAfterDate: new Date(Date.now() + 365 * 86_400_000),
  extensions: [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
  ],
});

const [certificateFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
mkdirSync(folder, { recursive: true });
writeFileSync(keyFile, key, { mode: 0o600 });
writeFileSync(certificateFile, cert);
console.log(`TLS_CERT_FILE=${certificateFile}\nTLS_KEY_FILE=${keyFile}`);
