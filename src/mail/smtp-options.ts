import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';

/** How nodemailer is to reach a mail server. */
export type SmtpOptions = SMTPTransportOptions;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Reads `smtp://` (STARTTLS where it is offered, in production always) or `smtps://` (TLS from the start). A server on
 * this machine needs neither TLS nor a certificate that somebody has signed.
 */
export function smtpOptionsOf(mailUrl: string, isProduction: boolean): SmtpOptions {
  const { protocol, hostname, port, username, password } = new URL(mailUrl);
  const isLocal = LOOPBACK.has(hostname);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(port !== '' && { port: Number(port) }),
    secure: protocol === 'smtps:',
    requireTLS: isProduction && !isLocal,
    tls: { rejectUnauthorized: !isLocal },
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    // Milliseconds. A server that is silent holds up others, so it is not waited for as long as nodemailer would.
    dnsTimeout: 10_000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  };
}
