/** A request, who sends it, and who has been counted for it already. */
export interface CountedRequest {
  readonly user?: { readonly sub: string };
  readonly service?: { readonly id: string };
  countedPrincipal?: string;
}
