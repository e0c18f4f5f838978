import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Every route that the router itself knows, such as `GET /v1/users/{id}`; HEAD goes with GET and is left out. */
export function registeredRoutes(nest: NestFastifyApplication): string[] {
  const tree: string = nest.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const segments: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', segment = '', methods = ''] =
      /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)/.exec(line) ?? [];
    const depth = indent.length / 4;
    segments.splice(depth, Infinity, segment);
    const path = segments.join('').replace(/:(\w+)/g, '{$1}');
    routes.push(
      ...methods
        .split(', ')
        .filter((method) => method !== '' && method !== 'HEAD')
        .map((method) => `${method} ${path}`),
    );
  }
  return routes;
}
