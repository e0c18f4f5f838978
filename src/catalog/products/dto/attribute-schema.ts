const NUMBER = { type: 'number' };
const BOOLEAN = { type: 'boolean' };
const LIST = { type: 'array', items: { type: 'string' } };

/** How OpenAPI describes the value of an attribute. */
export const ATTRIBUTE_SCHEMA = { oneOf: [{ type: 'string' }, NUMBER, BOOLEAN, LIST] };

/** The same in a merge patch, where `null` removes the attribute. */
export const ATTRIBUTE_PATCH_SCHEMA = { oneOf: [{ type: 'string', nullable: true }, NUMBER, BOOLEAN, LIST] };

export const EXAMPLE_ATTRIBUTES = { color: ['blue', 'grey'], weight: 640, waterproof: true };
