// The arrows of the house: which room may know of which. `npm run architecture` checks them.
const room = (name) => `^src/${name}/`;
const anything = '^src/';

/** A room, and the only places of the house that it may import from. */
function only(name, ...allowed) {
  return {
    name: `${name}-knows-only`,
    comment: `${name}/ may import from: ${allowed.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: room(name), pathNot: '\\.spec\\.ts$' },
    to: { path: anything, pathNot: [room(name), ...allowed.map((place) => `^src/${place}`)] },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    only('time'),
    only('config'),
    only('database', 'config/', 'time/'),
    only('http', 'config/', 'time/'),
    only('throttling', 'config/', 'time/', 'http/'),
    // Decorators only say who may call what; they know roles, and nothing of tokens or sessions.
    {
      ...only('auth/decorators', 'users/role', 'http/', 'auth/guards/fresh.guard'),
      name: 'decorators-know-only',
    },
    only('audit', 'http/'),
    only('users', 'audit/', 'config/', 'time/', 'http/', 'database/', 'auth/decorators/'),
    only('mail', 'config/'),
    only('auth', 'audit/', 'config/', 'time/', 'http/', 'database/', 'throttling/', 'users/', 'mail/'),
    only('catalog', 'config/', 'time/', 'http/', 'database/', 'auth/decorators/', 'users/role'),
    only('seed', 'http/', 'config/', 'time/', 'database/', 'users/', 'auth/', 'catalog/'),
    only('operations', 'config/', 'time/', 'http/', 'throttling/', 'auth/', 'database/'),
    {
      name: 'nobody-imports-the-app',
      severity: 'error',
      from: { pathNot: '^src/(main|create-app|commands/)' },
      to: { path: '^src/(main|app\\.module|create-app)' },
    },
    {
      name: 'environment-is-read-in-config',
      comment: 'process.env is read in config/ alone; this rule keeps dotenv and the like out.',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/(dotenv|@nestjs/config)' },
    },
    {
      name: 'no-forbidden-database-package',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/(typeorm-pglite|better-sqlite3|sql\\.js)' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: anything, pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
