/** Whether an error is the system error with this code, such as `ENOENT` or `EEXIST` (errno(3)). */
export function isSystemError(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
