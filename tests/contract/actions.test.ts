import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Read } from '@alt-las/runner'
import { readerFor, recording } from '@alt-las/testing'
import { actionNames, readActionYml, root } from '../../scripts/actions.ts'

const common = ['outcome', 'because', 'report']

describe.each(actionNames())('actions/%s', (name) => {
  const action = readActionYml(name)

  test('runs on node24 from its committed bundle', () => {
    expect(action.runs).toMatchObject({ using: 'node24', main: 'dist/index.js' })
    expect(existsSync(join(root, 'actions', name, 'dist/index.js'))).toBe(true)
    expect(existsSync(join(root, 'actions', name, 'dist/licenses.txt'))).toBe(true)
    const { post } = action.runs
    if (post === undefined) return
    expect(existsSync(join(root, 'actions', name, post))).toBe(true)
    // What a cancelled step leaves is the very case.
    expect(action.runs).toMatchObject({ 'post-if': 'always()' })
  })

  test('describes every input and output, in kebab-case', () => {
    for (const [key, value] of [...Object.entries(action.inputs), ...Object.entries(action.outputs)]) {
      expect(key).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(value.description ?? '').not.toBe('')
    }
  })

  test('reads exactly the inputs that action.yml declares', async () => {
    const { parse } = (await import(join(root, 'actions', name, 'src/inputs.ts'))) as {
      parse: (read: Read, documents: () => readonly never[]) => unknown
    }
    const seen = recording(readerFor(join(root, 'actions', name, 'action.yml')))
    try {
      parse(seen.read, () => [])
    } catch (error) {
      // Required inputs are missing here; what counts is that all of them were asked for nevertheless.
      expect(error).toMatchObject({ code: 'bad-inputs' })
    }
    // `gate` is read by runAction for every action.
    const declared = Object.keys(action.inputs).filter((input) => input !== 'gate')
    expect([...seen.names].filter((input) => input !== 'gate').sort()).toEqual(declared.sort())
  })

  test('has the outputs that every action has', () => {
    expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(common))
  })

  test('has a README with usage, permissions and failure modes', () => {
    const readme = readFileSync(join(root, 'actions', name, 'README.md'), 'utf8')
    for (const heading of ['Usage', 'Permissions', 'Failure modes'])
      expect(readme).toMatch(new RegExp(`^## .*${heading}`, 'mi'))
  })
})
