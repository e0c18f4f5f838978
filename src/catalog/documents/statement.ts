/** A statement for pg that is not prepared: what it asks for is one of too many things. */
export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}
