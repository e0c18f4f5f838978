import { ApiConsumes, ApiHeader, ApiParam, ApiResponse } from '@nestjs/swagger';

export const EXAMPLE_ID = '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11';

/** How OpenAPI describes an `ETag` of an answer. */
export const ETAG_HEADER = {
  description: 'The entity tag, for `If-Match` and `If-None-Match`.',
  schema: { type: 'string' as const, example: '"3"' },
};

/** How OpenAPI describes a `Location` of an answer. */
export function locationHeader(path: string) {
  return {
    description: 'Where it is.',
    schema: { type: 'string' as const, format: 'uri-reference', example: path },
  };
}

/** An id in the path. */
export function ApiIdParam(name: string, description: string): MethodDecorator {
  return ApiParam({
    name,
    description,
    schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID },
  });
}

/** The `If-Match` of a change: `required` where a change without it is refused. */
export function ApiIfMatch(need: 'required' | 'optional'): MethodDecorator {
  const description =
    need === 'required'
      ? 'The ETag of what was read; `*` overwrites whatever is there (RFC 9110 13.1.1).'
      : 'The ETag of what was read. Without it, whatever is there is changed.';
  return ApiHeader({
    name: 'If-Match',
    description,
    required: need === 'required',
    schema: { type: 'string', example: '"3"' },
  });
}

/** The `If-None-Match` of a read. */
export function ApiIfNoneMatch(): MethodDecorator {
  return ApiHeader({
    name: 'If-None-Match',
    description:
      'The ETag of what is known already: where it is still that, the answer is 304 without a body (RFC 9110 13.1.2).',
    required: false,
    schema: { type: 'string', example: '"3"' },
  });
}

/** The answer to an `If-None-Match` that names what is there. */
export function ApiNotModified(): MethodDecorator {
  return ApiResponse({
    status: 304,
    description: 'It is still what `If-None-Match` names.',
    headers: { ETag: ETAG_HEADER },
  });
}

/** A body that is a JSON merge patch (RFC 7396). */
export function ApiMergePatch(): MethodDecorator {
  return ApiConsumes('application/merge-patch+json', 'application/json');
}
