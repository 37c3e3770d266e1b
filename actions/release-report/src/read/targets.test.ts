import { expect, test } from '@jest/globals'
import { outcomeDocument, rolloutTarget } from '@alt-las/testing'
import { ofEachTarget } from './targets.ts'

const entryOf = (operation: string) => ({
  service: 'release',
  path: 'outcomes/release/canary-deploy.json',
  document: outcomeDocument('canary-deploy', {
    subject: { service: 'release' },
    evidence: {
      operation,
      targets: ['web', 'store'].map((deployment) =>
        rolloutTarget({ deployment, because: `${deployment} is fine` }),
      ),
    },
  }),
})

test('a deploy of several services as one release is a document of each of them', () => {
  const entries = ofEachTarget(entryOf('deploy'))
  expect(
    entries.map(({ service, document: { because, subject } }) => [service, because, subject.service]),
  ).toEqual([
    ['web', 'web is fine', 'web'],
    ['store', 'store is fine', 'store'],
  ])
})

test('a rollback of several stays one document', () => {
  const back = entryOf('rollback')
  expect(ofEachTarget(back)).toEqual([back])
})
