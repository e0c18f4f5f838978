/** A time as a mail says it. */
export function inWords(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
}
