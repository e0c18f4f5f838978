import type { OpenAPIObject } from '@nestjs/swagger';

/** A route as the OpenAPI document describes it. */
export interface Route {
  /** Method and path, such as `GET /v1/users/{id}`. */
  readonly name: string;
  readonly method: string;
  /** The path with an id in place of each parameter. */
  readonly path: string;
  /** `undeclared` where the document does not say who may call it. */
  readonly access: 'public' | 'optional' | 'signed-in' | 'roles' | 'service' | 'undeclared';
  /** Whether it takes a body in JSON. */
  readonly takesBody: boolean;
  /** Whether it takes a form. */
  readonly takesForm: boolean;
  /** The body that the document gives as an example, made of the examples of its members. */
  readonly exampleBody: Readonly<Record<string, unknown>>;
  readonly queryParameters: readonly string[];
  /** JSON schema of the successful answer, where it has a body. */
  readonly answerSchema: Schema | undefined;
}

/** The part of a JSON schema that says which members there may be. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly example?: unknown;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly operationId?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

const FORM = 'application/x-www-form-urlencoded';

/** An id of the right form that belongs to nothing. */
export const NO_ID = '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11';

/** Every route of the document. */
export function routesOf(document: OpenAPIObject): Route[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      // A path has members that are no operations, such as `parameters`.
      .filter(([, operation]) => typeof operation === 'object' && 'operationId' in operation)
      .map(([method, operation]) => toRoute(document, method.toUpperCase(), path, operation as Operation)),
  );
}

/** The members of a value, as JSON pointers, that its schema does not name. */
export function undeclaredMembers(
  document: OpenAPIObject,
  schema: Schema,
  value: unknown,
  at = '',
): string[] {
  const { items, properties = {}, additionalProperties } = resolve(document, schema);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => undeclaredMembers(document, items ?? {}, item, `${at}/${index}`));
  }
  if (typeof value !== 'object' || value === null || additionalProperties) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const declared = properties[name];
    const pointer = `${at}/${name}`;
    return declared ? undeclaredMembers(document, declared, member, pointer) : [pointer];
  });
}

function toRoute(document: OpenAPIObject, method: string, path: string, operation: Operation): Route {
  const { responses, requestBody, parameters = [] } = operation;
  const content = requestBody?.content ?? {};
  const takesForm = FORM in content;
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  return {
    name: `${method} ${path}`,
    method,
    path: path.replace(/\{\w+\}/g, NO_ID),
    access: accessOf(operation),
    takesBody: Object.keys(content).some((type) => /^application\/(\S+\+)?json$/.test(type)),
    takesForm,
    exampleBody: takesForm ? {} : exampleOf(document, Object.values(content)[0]?.schema ?? {}),
    queryParameters: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    answerSchema: success?.content?.['application/json']?.schema,
  };
}

function exampleOf(document: OpenAPIObject, schema: Schema): Record<string, unknown> {
  const members = Object.entries(resolve(document, schema).properties ?? {});
  return Object.fromEntries(members.map(([name, { example }]) => [name, example]));
}

function accessOf({ security, responses }: Operation): Route['access'] {
  if (security === undefined) {
    return 'undeclared';
  }
  if (security.length === 0) {
    return 'public';
  }
  if (security.some((requirement) => Object.keys(requirement).length === 0)) {
    return 'optional';
  }
  if (security.some((requirement) => 'basic' in requirement)) {
    return 'service';
  }
  return '403' in responses ? 'roles' : 'signed-in';
}

function resolve(document: OpenAPIObject, schema: Schema): Schema {
  if (schema.$ref !== undefined) {
    const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
    return resolve(document, schemas[schema.$ref.replace('#/components/schemas/', '')] ?? {});
  }
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map((part) =>
    resolve(document, part),
  );
  return parts.reduce<Schema>(
    (whole, part) => ({ ...part, ...whole, properties: { ...part.properties, ...whole.properties } }),
    schema,
  );
}
