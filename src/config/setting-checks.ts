// What the values of settings have to be, where class-validator has no word for it.
import { isIP } from 'node:net';
import { isEmail } from 'class-validator';

export function hasProtocol(value: unknown, protocols: string[]): boolean {
  return typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

export function isPostgresUrl(value: unknown): boolean {
  return hasProtocol(value, ['postgres:', 'postgresql:']);
}

export function isReplicaList(value: unknown): boolean {
  return Array.isArray(value) && value.every((url) => isPostgresUrl(url) && hasReadableHost(String(url)));
}

function hasReadableHost(url: string): boolean {
  const { hostname, username, password, pathname, searchParams } = new URL(url);
  // `options` would take the place of those that keep the connections read-only.
  return hostname !== '' && !searchParams.has('options') && isPercentEncoded(username + password + pathname);
}

export function isMailUrl(value: unknown): boolean {
  if (!hasProtocol(value, ['smtp:', 'smtps:'])) {
    return false;
  }
  const { hostname, pathname, search, hash, username, password } = new URL(String(value));
  const isBare = ['', '/'].includes(pathname) && search + hash === '';
  return hostname !== '' && isBare && isPercentEncoded(username + password);
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export function isSender(value: unknown): boolean {
  return isEmail(value, { allow_display_name: true, require_tld: false });
}

export function isPage(value: unknown): boolean {
  return hasProtocol(value, ['http:', 'https:']) && !String(value).includes('#');
}

export function isAtLeast32Bytes(value: unknown): boolean {
  return typeof value === 'string' && Buffer.byteLength(value) >= 32;
}

export function isOriginList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (origin) => hasProtocol(origin, ['http:', 'https:']) && new URL(String(origin)).origin === origin,
    )
  );
}

export function isNetworkList(value: unknown): boolean {
  return Array.isArray(value) && value.every((network) => isNetwork(String(network)));
}

function isNetwork(network: string): boolean {
  const [address = '', prefix, ...rest] = network.split('/');
  const version = isIP(address);
  const isPrefix = prefix === undefined || /^[1-9]\d{0,2}$/.test(prefix);
  return version !== 0 && rest.length === 0 && isPrefix && Number(prefix ?? 1) <= (version === 4 ? 32 : 128);
}
