const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `900`, `900s`, `15m`, `12h` or `14d` as whole seconds; anything else is `NaN`. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text.trim());
  if (!match) {
    return NaN;
  }
  return Number(match[1]) * (UNITS[match[2] || 's'] ?? NaN);
}
