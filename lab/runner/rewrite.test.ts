import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rewriteForLab } from './rewrite.ts'

const workflow = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../.github/workflows', name), 'utf8')

test.each([
  [
    'concurrency: { group: production, queue: max }\njobs: {}\n',
    'concurrency: { group: production }\njobs: {}\n',
  ],
  ['concurrency: { queue: max, group: production }\n', 'concurrency: { group: production }\n'],
  [
    'concurrency:\n  group: production\n  queue: max # all of them\n  cancel-in-progress: false\n',
    'concurrency:\n  group: production\n  cancel-in-progress: false\n',
  ],
  [
    '      - uses: $/actions/verify # ours\n        with: { a: $/b }\n',
    '      - uses: ./actions/verify # ours\n        with: { a: $/b }\n',
  ],
  [
    'jobs:\n  a:\n    concurrency:\n      group: x\n      queue: max\n',
    'jobs:\n  a:\n    concurrency:\n      group: x\n',
  ],
  [
    'jobs:\n  a:\n    environment: { name: production, deployment: false }\n',
    'jobs:\n  a:\n    environment: { name: production }\n',
  ],
  [
    'jobs:\n  a:\n    environment:\n      name: production\n      deployment: false\n    steps: []\n',
    'jobs:\n  a:\n    environment:\n      name: production\n    steps: []\n',
  ],
])('only what the runner of the lab does not know is changed: %j', (source, expected) => {
  expect(rewriteForLab(source)).toBe(expected)
})

test.each(['production-ci-cd.yaml', 'rollback.yaml'])(
  '%s differs from what runs in the lab in those lines alone',
  (name) => {
    const before = workflow(name).split('\n')
    const after = new Set(rewriteForLab(workflow(name)).split('\n'))
    for (const line of before.filter((one) => !after.has(one)))
      expect(line).toMatch(/queue:|deployment: false|uses: \$\//)
  },
)
