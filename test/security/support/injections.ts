/** What an attacker writes into a field, by what it is meant to break. */
export const INJECTIONS: readonly (readonly [kind: string, text: string])[] = [
  ['SQL that is always true', "' OR '1'='1"],
  ['SQL that ends the statement', "x'; DROP TABLE users; --"],
  ['SQL in a UNION', "x') UNION SELECT hash FROM password_credentials --"],
  ['SQL that waits', "'; SELECT pg_sleep(10); --"],
  ['a SQL comment', 'x/**/--'],
  ['placeholders', '$1 :email ? %s %n'],
  ['wildcards', '%_*'],
  ['a backslash', '\\'],
  ['a line of JSON for the log', '"}\n{"level":30,"audit":"signed-in","msg":"forged"}'],
  ['a header', 'x\r\nX-Injected: yes\r\n\r\n<p>'],
  ['escape codes of a terminal', '\u001b[31m\u001b]0;owned\u0007'],
  ['a script', '<script>alert(1)</script>'],
  ['a template', '{{constructor.constructor("return process")()}} ${7*7} #{7*7}'],
  ['a shell command', '$(sleep 5) `sleep 5` | sleep 5'],
  ['a path', '../../../../etc/passwd'],
  ['a URL of the cloud', 'http://169.254.169.254/latest/meta-data/'],
  ['a Mongo operator', '{"$gt":""}'],
  ['text from right to left', '\u202e\u2066drowssap'],
  ['a byte order mark', '\ufeffx'],
  ['a number too great', '9'.repeat(400)],
  ['5,000 letters', 'x'.repeat(5000)],
  ['nothing', ''],
];

/** Texts that are no Unicode text, or that PostgreSQL cannot store. */
export const BROKEN_TEXTS: readonly (readonly [kind: string, json: string])[] = [
  ['NUL', String.raw`"a\u0000b"`],
  ['the first half of a surrogate pair', String.raw`"a\ud800b"`],
  ['the second half of a surrogate pair', String.raw`"a\udc00b"`],
  ['a surrogate pair the wrong way round', String.raw`"\udc00\ud800"`],
];
