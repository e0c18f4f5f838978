/** Whether a text has at most so many characters, as PostgreSQL counts them: an emoji of two UTF-16 units is one. */
export function hasAtMost(max: number, text: string): boolean {
  return text.length <= max || (text.length <= 2 * max && [...text].length <= max);
}
