import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from '@jest/globals'
import { actionNames, parse } from '@alt-las/outcome'
import { outcomeDocument } from '@alt-las/testing'
import { actionNames as folders, root } from '../../scripts/actions.ts'
import { jsonSchemas } from '../../packages/outcome/json-schemas.ts'

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)

test('every action has a schema for its documents', () => {
  expect([...actionNames].sort()).toEqual([...folders()].sort())
})

describe.each(actionNames)('the JSON schema of %s', (name) => {
  const schema = JSON.parse(
    readFileSync(join(root, 'packages/outcome/schemas', `${name}.json`), 'utf8'),
  ) as object
  const isValid = ajv.compile(schema)
  const isRead = (document: unknown): boolean => {
    try {
      return parse(JSON.stringify(document), 'x.json').action === name
    } catch {
      return false
    }
  }

  test('is what the validator gives', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(jsonSchemas().get(name))))
  })

  test('agrees with the validator on every field that is missing, null, a text or a list', () => {
    const good = outcomeDocument(name)
    expect([isValid(good), isRead(good)]).toEqual([true, true])
    for (const outcome of ['passed', 'failed'] as const) {
      for (const wrong of [undefined, null, 'x', ['x'], -1]) {
        for (const key of Object.keys(good)) {
          const document = JSON.parse(JSON.stringify({ ...good, outcome, [key]: wrong })) as object
          expect({ outcome, key, wrong, valid: isValid(document) }).toEqual({
            ...{ outcome, key, wrong },
            valid: isRead(document),
          })
        }
        for (const key of Object.keys(good.evidence)) {
          const evidence = { ...good.evidence, [key]: wrong }
          const document = JSON.parse(JSON.stringify({ ...good, outcome, evidence })) as object
          expect({ outcome, key, wrong, valid: isValid(document) }).toEqual({
            ...{ outcome, key, wrong },
            valid: isRead(document),
          })
        }
      }
    }
  })
})
