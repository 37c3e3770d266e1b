import { expect, test } from '@jest/globals'
import { superfluous } from './prune.ts'

const entry = (name: string, key: string, used: number) => ({ name: `${name}-${key.repeat(16)}`, used })

test('the two of each thing that were used last stay, and no half of a build', () => {
  const entries = [
    entry('trivy', 'a', 3),
    entry('trivy', 'b', 1),
    entry('trivy', 'c', 2),
    entry('image-node', 'd', 0),
    { name: `trivy-${'e'.repeat(16)}.half`, used: 9 },
    { name: 'act-source', used: 9 },
  ]
  expect(superfluous(entries)).toEqual([
    `trivy-${'e'.repeat(16)}.half`,
    'act-source',
    `trivy-${'b'.repeat(16)}`,
  ])
})
