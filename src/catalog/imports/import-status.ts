/** How far an import can be; `discarded` is one whose body did not come whole. */
export const IMPORT_STATUSES = ['receiving', 'queued', 'running', 'completed', 'discarded'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];
