import { expect, test } from '@jest/globals'
import { extraBuilds, goBuilds } from '../versions.ts'
import { buildArguments, notRequired } from './go.ts'
import { keyOf } from './key.ts'

test('a key is the same for the same inputs and another for any other', () => {
  expect(keyOf(['a', 'b'])).toBe(keyOf(['a', 'b']))
  expect(keyOf(['ab', ''])).not.toBe(keyOf(['a', 'b']))
  expect(keyOf(['a'])).toMatch(/^[0-9a-f]{16}$/)
})

test('a build strips its program and names no folder of this machine in it', () => {
  for (const build of [...goBuilds, ...Object.values(extraBuilds).flat()]) {
    for (const program of build.programs) {
      const words = buildArguments(build, program, '/out')
      expect(words).toContain('-trimpath')
      expect(words[words.indexOf('-ldflags') + 1]).toMatch(/^-s -w/)
      expect(words.at(-1)).toBe(program.package)
    }
  }
})

test('a module must require what the lab takes from beside it, in the same version', () => {
  const goMod = 'module x\n\nrequire a.io/one v1.0.0\n\nrequire (\n\tb.io/two v2.0.0 // indirect\n)\n'
  const module = (path: string, version: string) => ({ path, version, sum: '' })
  expect(notRequired(goMod, [module('a.io/one', 'v1.0.0'), module('b.io/two', 'v2.0.0')])).toEqual([])
  expect(notRequired(goMod, [module('a.io/one', 'v1.0.1'), module('c.io/three', 'v1.0.0')])).toEqual([
    'a.io/one v1.0.1',
    'c.io/three v1.0.0',
  ])
})
