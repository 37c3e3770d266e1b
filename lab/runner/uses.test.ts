import { expect, test } from '@jest/globals'
import { usedRepositories } from './uses.ts'
import { needsOf } from './prepare.ts'

test('foreign actions are found once each, own ones and images are not', () => {
  const workflow = `
      - uses: actions/checkout@abc # v6
      - uses: ALT-LAS/delivery/actions/verify@v1
      - { name: x }
      - id: scan
        uses: "ALT-LAS/delivery/actions/scan-trivy@v1"
      - uses: ./actions/verify
      - uses: docker://alpine:3
    uses: o/n/.github/workflows/w.yml@main
`
  expect(usedRepositories(workflow)).toEqual([
    { repository: 'actions/checkout', ref: 'abc' },
    { repository: 'ALT-LAS/delivery', ref: 'v1' },
    { repository: 'o/n', ref: 'main' },
  ])
})

test('what a job needs is read whether it is one name or a list', () => {
  expect(needsOf('jobs: { a: {}, b: { needs: a }, c: { needs: [a, b] } }')).toEqual({
    a: [],
    b: ['a'],
    c: ['a', 'b'],
  })
})
