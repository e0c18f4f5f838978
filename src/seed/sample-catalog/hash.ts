/** A number from 0 to 2³² − 1 that looks random and is always the same for a text (FNV-1a, then mixed). */
export function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    state = Math.imul(state ^ byte, 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** One of some wordings or values, always the same for a text. */
export function pick<Item>(text: string, items: readonly [Item, ...Item[]]): Item {
  return items[hash(text) % items.length] ?? items[0];
}
