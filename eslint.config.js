import { readdirSync } from 'node:fs'
import tseslint from 'typescript-eslint'
import importX from 'eslint-plugin-import-x'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import { noCircles } from './scripts/no-circles.js'

// What each floor may import. A package's floor knows only those beneath it; nothing in packages/ knows an action.
const floors = {
  failure: [],
  time: ['failure'],
  yaml: ['failure', 'time'],
  outcome: ['failure'],
  secrets: ['yaml'],
  process: ['failure', 'secrets'],
  http: ['failure', 'time'],
  registry: ['failure', 'time', 'http'],
  evidence: ['failure', 'time', 'yaml', 'http', 'registry'],
  kubernetes: ['failure', 'time', 'yaml', 'http', 'process', 'secrets'],
  'workload-health': ['failure', 'secrets', 'kubernetes'],
  'simulated-cluster': ['failure', 'time', 'kubernetes'],
  'model-checker': ['failure', 'time', 'kubernetes', 'simulated-cluster'],
  telemetry: ['failure', 'time', 'http'],
  judge: [],
  load: ['failure', 'time'],
  'api-tests': ['failure', 'time', 'yaml', 'http'],
  routers: ['failure', 'time', 'kubernetes'],
  rollout: ['failure', 'time', 'kubernetes', 'workload-health', 'telemetry', 'judge', 'routers', 'api-tests'],
  runner: ['failure', 'outcome', 'time', 'secrets'],
}
for (const name of readdirSync(new URL('packages', import.meta.url)))
  if (name !== 'testing' && !(name in floors))
    throw new Error(`packages/${name} has no floor in eslint.config.js`)

// Tests and a package's folder `testing/` may use whatever they need.
const withoutTests = (files) => files.replace('*.ts', '!(*.test).ts')
const zones = Object.entries(floors).flatMap(([name, below]) => [
  { target: `./packages/${name}`, from: './actions' },
  { target: `./packages/${name}`, from: './lab' },
  {
    target: [`./packages/${name}/*.ts`, `./packages/${name}/!(testing)/**/*.ts`].map(withoutTests),
    from: './packages',
    except: [name, ...below].map((floor) => `./${floor}`),
  },
])
// The rooms of these packages in import order: each may import those before it, and no file beside them.
const roomsInOrder = {
  rollout: [
    'model',
    'strategies',
    'judging',
    'configs',
    'decide/answers',
    'decide',
    'release',
    'state',
    'fencing',
    'observe/workloads',
    'observe',
    'watchdog',
    'apply',
    'preflight',
    'reconcile',
  ],
  routers: ['weights', 'port', 'audience', 'selector', 'routes', 'discovery'],
  judge: ['input', 'variation', 'evidence', 'latency', 'verdict'],
  telemetry: ['series', 'sources', 'presets', 'blocks', 'meter'],
  evidence: ['statement', 'verify', 'sign', 'policy', 'store'],
  runner: ['inputs', 'log', 'environment', 'step'],
  'simulated-cluster': [
    'values',
    'ownership',
    'server',
    'controllers/round',
    'controllers/workloads',
    'controllers',
    'simulation',
    'faults',
    'wire',
  ],
  'api-tests': ['exact', 'schema', 'request', 'send', 'expect'],
  testing: ['ports', 'wire', 'metrics', 'builders'],
}
const roomZones = Object.entries(roomsInOrder).flatMap(([name, rooms]) =>
  rooms.map((room, index) => ({
    target: `./packages/${name}/${room}/**/!(*.test).ts`,
    from: `./packages/${name}`,
    except: rooms.slice(0, index + 1).map((below) => `./${below}`),
  })),
)
// The oracle of the histories calls nothing of what it judges.
const oracle = {
  target: './packages/rollout/testing/oracle',
  from: './packages',
  except: ['./rollout/testing/oracle', './kubernetes', './simulated-cluster'],
}
// The rooms of packages/registry: files beside them are for all, and only the client may use credentials.
const registryZones = [
  ['layout', ['client', 'credentials']],
  ['credentials', ['client', 'layout']],
  ['client', ['layout']],
].flatMap(([room, others]) =>
  others.map((other) => ({
    target: `./packages/registry/${room}/**/!(*.test).ts`,
    from: `./packages/registry/${other}`,
  })),
)
const rooms = ['build-image', 'scan-trivy', 'push-image', 'canary-deploy', 'verify', 'release-report']
const walls = rooms.map((room) => ({
  target: `./actions/${room}`,
  from: './actions',
  except: [`./${room}`],
}))

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'coverage/**'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX, house: { rules: { 'no-circles': noCircles } } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'house/no-circles': 'error',
      'import-x/no-extraneous-dependencies': ['error', { includeInternal: true, includeTypes: true }],
      'import-x/no-restricted-paths': [
        'error',
        { zones: [...zones, ...roomZones, ...registryZones, oracle, ...walls] },
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'the environment is read in the doors only: main.ts, packages/runner',
        },
      ],
      'no-restricted-imports': [
        'error',
        { name: 'yaml', message: 'YAML of strangers is read in bounded time by @alt-las/yaml' },
      ],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      eqeqeq: 'error',
    },
  },
  {
    // Tests, their fakes and everything beside the product may use what the root declares too.
    files: ['**/*.test.ts', '**/testing/**/*.ts', '{tests,benchmarks,scripts}/**/*.ts'],
    rules: {
      'no-restricted-imports': 'off',
      'import-x/no-extraneous-dependencies': [
        'error',
        { includeInternal: true, includeTypes: true, packageDir: import.meta.dirname },
      ],
    },
  },
  {
    // YAML of our own: action.yml beside the bundle, the lab's files.
    files: ['packages/yaml/**', 'packages/runner/inputs/defaults.ts', 'packages/testing/**', 'lab/**'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // The doors: where a process meets its environment and its terminal.
    files: [
      'packages/runner/**',
      'packages/process/**',
      'actions/*/src/main.ts',
      'actions/*/src/post.ts',
      'services/*/src/main.ts',
      'services/*/src/healthcheck.ts',
      'services/http/**',
      'services/*/*.ts',
      'lab/main.ts',
      'lab/**/main.ts',
      'scripts/**',
      'tests/e2e/**',
      'tests/checks/main.ts',
      'tests/conformance/main.ts',
      'tests/histories/main.ts',
      'tests/fuzz/main.ts',
      'benchmarks/**',
      '**/*.test.ts',
    ],
    rules: {
      'no-restricted-properties': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
)
