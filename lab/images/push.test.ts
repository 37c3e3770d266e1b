import { expect, test } from '@jest/globals'
import { parseReference } from './push.ts'

test('the name of an image is read from its end: the last colon is the tag’s', () => {
  expect(parseReference('ghcr.io/alt-las/trivy-db:2')).toEqual({
    host: 'ghcr.io',
    repository: 'alt-las/trivy-db',
    tag: '2',
  })
  expect(() => parseReference('ghcr.io/alt-las/trivy-db')).toThrow('expected host/repository:tag')
})
