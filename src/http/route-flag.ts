import { RouteConfig } from '@nestjs/platform-fastify';

/** What hooks and parsers know of the route that a request is for, before Nest does anything for it. */
interface Routed {
  readonly routeOptions: { readonly config: object };
}

/** A flag of a route, and whether a request is for a route that has it. A route has one flag at most. */
export function routeFlag(name: string): { mark: () => MethodDecorator; isOn: (request: Routed) => boolean } {
  return {
    mark: () => RouteConfig({ [name]: true }),
    isOn: ({ routeOptions }) => name in routeOptions.config,
  };
}
