import { parseApiTests } from '@alt-las/api-tests'
import { parseSteps } from '@alt-las/rollout'
import { type Story, first, second } from './story.ts'

const smoke = parseApiTests('tests: [{ name: home, request: { path: / } }]', 'smoke.yaml')
const byTime = { ...second, steps: parseSteps('auto'), smoke }

/** Nobody uses the service: the new version goes on by its tests, its health and by time. */
export const quietStories: readonly Story[] = [
  { name: 'canary without traffic', before: [first], inputs: byTime, habits: { rps: 0 } },
]
