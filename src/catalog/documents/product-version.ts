/** Which product, and which state of it. */
export interface ProductVersion {
  readonly id: string;
  readonly revision: number;
}

/** Both as one column of `product_documents`, `<id>.<revision>`: each column that is sent costs. */
export const VERSION_COLUMN = `product_id || '.' || revision`;

const ID_LENGTH = 36;

/** What stands in that column. */
export function readVersion(version: string): ProductVersion {
  return { id: version.slice(0, ID_LENGTH), revision: Number(version.slice(ID_LENGTH + 1)) };
}
