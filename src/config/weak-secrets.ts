/** Secrets that stand in examples and tutorials; a secret that contains one of these is none. */
const KNOWN_WORDS =
  /change.?me|example|secret|password|latchkey|default|insecure|dummy|1234567|qwerty|abcdef/i;

/** What is wrong with a secret, or `null`; a secret has to be long, unknown and varied (RFC 8725 3.5). */
export function weaknessOf(secret: string): string | null {
  if (Buffer.byteLength(secret) < 32) {
    return 'is shorter than 32 bytes (256 bits)';
  }
  if (KNOWN_WORDS.test(secret)) {
    return 'contains a word that examples and tutorials use';
  }
  if (new Set(secret).size < 12) {
    return 'repeats too few different characters';
  }
  return null;
}
