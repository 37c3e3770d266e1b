import { parseApiTests } from '@alt-las/api-tests'
import { v2 } from '../../packages/rollout/testing/manifests.ts'
import { type Story, first, second } from './story.ts'

const smoke = parseApiTests('tests: [{ name: home, request: { path: / } }]', 'smoke.yaml')
const tested = { ...second, smoke }

const rolling = { strategy: 'rolling', router: 'auto', service: 'web' } as const

/** The new version answers API tests before its first user. */
export const smokeStories: readonly Story[] = [
  { name: 'canary with API tests', before: [first], inputs: tested, habits: {} },
  {
    name: 'canary that fails its API tests',
    before: [first],
    inputs: tested,
    habits: { tests: { [v2]: 'refused' } },
  },
  { name: 'rolling with API tests', before: [first], inputs: { ...tested, ...rolling }, habits: {} },
  {
    name: 'rolling that fails its API tests',
    before: [first],
    inputs: { ...tested, ...rolling },
    habits: { tests: { [v2]: 'refused' } },
  },
]
