/** What an account may do: `customer` (everybody), `editor` (writes the catalog), `admin` (everything). */
export const ROLES = ['customer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];
