import { expect, test } from '@jest/globals'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fakeLab } from '../base/fake-lab.ts'
import { laboratoryCa } from '../base/lab.ts'
import { placeOf } from './push.ts'

function lab() {
  const made = fakeLab()
  mkdirSync(dirname(laboratoryCa(made)), { recursive: true })
  writeFileSync(laboratoryCa(made), '')
  return made
}

test('an image of the world keeps its repository and tag in the lab’s registry', () => {
  expect(placeOf(lab(), 'ghcr.io/alt-las/trivy-db:2')).toMatchObject({ path: 'alt-las/trivy-db', tag: '2' })
})

test('an image without a tag has no place', () => {
  expect(() => placeOf(lab(), 'ghcr.io/alt-las/trivy-db')).toThrow('expected host/repository:tag')
})
