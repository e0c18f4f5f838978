/** How an address is stored and compared: Unicode NFC, lower case, so that one mailbox has one account. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFC').toLowerCase();
}
