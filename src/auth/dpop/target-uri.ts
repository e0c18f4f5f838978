import type { FastifyRequest } from 'fastify';

/** The URI of a request as its client sees it, without the query; what a trusted proxy says of it counts. */
export function targetUriOf({ protocol, host, url }: FastifyRequest): string {
  return `${protocol}://${host}${url.split('?', 1)[0]}`;
}

/** Whether `htu` names the URI: query and fragment aside, and after normalisation (RFC 9449 4.3, RFC 3986 6.2.2 and 6.2.3). */
export function namesTarget(htu: string, uri: string): boolean {
  if (htu === uri) {
    return true;
  }
  const normal = normalize(htu);
  return normal !== null && normal === normalize(uri);
}

// `URL` lowers the case of scheme and host, drops a default port and removes dot segments; the rest is escapes.
function normalize(uri: string): string | null {
  if (!/^https?:\/\/[^/\\][!-[\]-~]*$/i.test(uri) || !URL.canParse(uri)) {
    return null;
  }
  const { origin, username, password, pathname } = new URL(uri);
  return username === '' && password === ''
    ? origin + pathname.replace(/%[\da-f]{2}/gi, normalizeEscape)
    : null;
}

function normalizeEscape(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
}
