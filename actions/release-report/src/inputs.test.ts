import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { readerFor, recording } from '@alt-las/testing'
import { parse as parseYaml } from 'yaml'
import { parse } from './inputs.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const least = { outcomes: 'outcomes/*/outcome.json', release: 'v1.2.0' }
const reading = (overrides: Record<string, string>) => parse(readerFor(actionYml, { ...least, ...overrides }))

describe('the inputs', () => {
  test('are exactly those of action.yml', () => {
    const { read, names } = recording(readerFor(actionYml, least))
    parse(read)
    const declared = parseYaml(readFileSync(actionYml, 'utf8')) as { readonly inputs: object }
    expect([...names].sort()).toEqual(Object.keys(declared.inputs).sort())
  })

  test('say what is expected of each service', () => {
    expect(reading({ services: 'web\nworker: build, push' }).services).toEqual([
      { name: 'web', steps: ['build', 'test', 'scan', 'push', 'deploy', 'verify'] },
      { name: 'worker', steps: ['build', 'push'] },
    ])
  })

  test.each([
    [{ outcomes: '', release: '' }, '2 inputs are wrong'],
    [
      { services: 'web: bild' },
      'services: got the step "bild", expected one of build, test, scan, push, deploy, verify',
    ],
    [{ services: 'web\nweb' }, 'services: got web twice'],
    [{ services: ': build' }, 'expected a service, or a service: its steps'],
  ])('%j is a problem', (overrides, problem) => {
    expect(() => reading(overrides as Record<string, string>)).toThrow(problem)
  })
})
