import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { readerFor, recording } from '@alt-las/testing'
import { parse as parseYaml } from 'yaml'
import { parse } from './inputs.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const read = (overrides: Readonly<Record<string, string>> = {}) =>
  readerFor(actionYml, { input: 'layout', ...overrides })

describe('parse', () => {
  test('asks for exactly the inputs of action.yml', () => {
    const declared = Object.keys((parseYaml(readFileSync(actionYml, 'utf8')) as { inputs: object }).inputs)
    const reader = recording(read())
    parse(reader.read)
    expect([...reader.names].toSorted()).toEqual(declared.toSorted())
  })

  test('the defaults of action.yml need nothing but what is to be scanned', () => {
    expect(parse(read())).toMatchObject({
      source: { kind: 'layout', path: 'layout' },
      scanners: ['vuln', 'secret'],
      failSeverity: ['CRITICAL', 'HIGH'],
      dbRepository: ['mirror.gcr.io/aquasec/trivy-db:2', 'ghcr.io/aquasecurity/trivy-db:2'],
      maxDbAge: 259_200_000,
      version: '0.74.0',
      formats: ['sarif', 'json'],
    })
  })

  test.each<[Record<string, string>, string]>([
    [{ input: '' }, 'input, image-ref, scan-ref, sbom: got 0 of them, expected exactly one'],
    [{ 'scan-ref': '.' }, 'got 2 of them'],
    [{ input: '', 'image-ref': 'a b' }, 'image-ref: got "a b"'],
    [{ version: 'latest' }, 'version: got "latest", expected an exact version such as 0.74.0'],
    [{ version: '0.74' }, 'expected an exact version'],
    [{ 'fail-severity': 'BAD' }, 'fail-severity: got "BAD"'],
    [{ 'fail-severity': '' }, 'fail-severity: is required'],
    [{ 'fail-severity': ',' }, 'got an empty list'],
    [{ scanners: 'vuln,licence' }, 'scanners: got "licence"'],
    [{ formats: 'html' }, 'formats: got "html"'],
    [{ 'db-repository': '' }, 'db-repository: is required'],
    [{ 'max-db-age': '3d' }, 'max-db-age: got "3d"'],
  ])('%j is an input error', (overrides, message) => {
    expect(() => parse(read(overrides))).toThrow(message)
  })

  test('all problems are reported together', () => {
    expect(() => parse(read({ version: 'latest', 'vuln-type': '', timeout: 'long' }))).toThrow(
      /^3 inputs are wrong/,
    )
  })
})
