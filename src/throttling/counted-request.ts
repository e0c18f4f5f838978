/** A request, who sends it, and who has been counted for it already. */
export interface CountedRequest {
  readonly user?: { readonly sub: string };
  readonly service?: { readonly id: string };
  /** The address has been counted or is due, or need not be: the route has limits of its own. */
  isCounted?: boolean;
  /** What the address is counted by. */
  addressKey?: string;
  /** The user who is counted with it. */
  countedPrincipal?: string;
}
