// Compiles everything to CommonJS with swc: Jest cannot load a mixture of CommonJS and ES modules.
const typescript = {
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
const javascript = {
  jsc: { target: 'es2023', keepClassNames: true, parser: { syntax: 'ecmascript' } },
  module: { type: 'commonjs' },
};

const project = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': ['@swc/jest', typescript],
    '^.+\\.[cm]?js$': ['@swc/jest', javascript],
  },
  // These are CommonJS throughout, and big.
  transformIgnorePatterns: [
    '/node_modules/(typeorm|rxjs|class-validator|class-transformer|validator|libphonenumber-js|pg|pg-[a-z-]+|fastify|ajv|lodash|jsonwebtoken)/',
    '\\.node$',
  ],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  cacheDirectory: 'node_modules/.cache/jest',
};

export default {
  maxWorkers: 2,
  testTimeout: 120_000,
  projects: [
    { ...project, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    {
      ...project,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      // Several processes need a server between them: these suites are part of its run, and of no other.
      testPathIgnorePatterns: [
        '/node_modules/',
        ...(process.env.DATABASE_URL ? [] : ['<rootDir>/test/server/']),
      ],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
  ],
};
