export default {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/packages',
    '<rootDir>/actions',
    '<rootDir>/kubernetes',
    '<rootDir>/lab',
    '<rootDir>/tests',
    '<rootDir>/benchmarks',
  ],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/tests/e2e/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.js' },
  modulePathIgnorePatterns: ['/dist/'],
  // No test is about wall-clock time: a busy machine is no failure.
  testTimeout: 240_000,
  haste: { forceNodeFilesystemAPI: true },
}
