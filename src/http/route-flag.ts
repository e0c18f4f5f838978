import { RouteConfig } from '@nestjs/platform-fastify';

/** What Nest keeps the configuration of a route by. */
const KEY = RouteConfig({}).KEY;

/** The options of a route, as hooks and parsers see them before Nest does anything for a request. */
interface RouteOptions {
  readonly config?: object;
}

/** A flag of a route: `mark` sets it beside those that the route has, and `isOn` asks a request's `routeOptions` for it. */
export function routeFlag(name: string): {
  mark: () => MethodDecorator;
  isOn: (request: { readonly routeOptions: RouteOptions }) => boolean;
} {
  return {
    mark: () => (target, property, descriptor) => {
      const others: unknown = Reflect.getMetadata(KEY, Object(descriptor.value));
      RouteConfig({ ...Object(others), [name]: true })(target, property, descriptor);
    },
    isOn: ({ routeOptions }) => name in (routeOptions.config ?? {}),
  };
}
