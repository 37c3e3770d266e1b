import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { root } from '../../scripts/actions.ts'

const files = globSync(['packages/**/*.ts', 'actions/*/src/**/*.ts', 'lab/**/*.ts', 'services/**/*.ts'], {
  cwd: root,
  exclude: ['**/node_modules/**', '**/dist/**'],
}).map((file) => file.replaceAll('\\', '/'))

/** Files that a file imports, types included: a circle of types is a circle of ideas. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const named = [...text.matchAll(/^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'/gm)]
  return named.flatMap(([, from, bare]) => {
    const target = from ?? bare ?? ''
    if (target.startsWith('@alt-las/')) return [`packages/${target.slice('@alt-las/'.length)}/index.ts`]
    return target.startsWith('.') ? [relative(root, join(root, dirname(file), target))] : []
  })
}

const graph = new Map(files.map((file) => [file, importsOf(file)]))
const isForTests = (file: string): boolean =>
  /^packages\/(?:testing|simulated-cluster|model-checker)\//.test(file)
const product = files.filter((file) => !file.endsWith('.test.ts') && !isForTests(file))

describe('imports', () => {
  test('the graph was really read', () => {
    expect(files.length).toBeGreaterThan(200)
    expect([...graph.values()].flat().length).toBeGreaterThan(files.length)
  })

  test('there is no circle, not even of types', () => {
    const done = new Set<string>()
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error([...path.slice(path.indexOf(file)), file].join(' → '))
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) walk(next, [...path, file])
      done.add(file)
    }
    for (const file of files) walk(file, [])
  })

  test('actions know packages; no package knows an action, no action another one, the product no test', () => {
    for (const file of product) {
      const room = /^(packages|actions\/[^/]+|services|lab)\//.exec(file)?.[1] ?? ''
      const strangers = (graph.get(file) ?? []).filter(
        (target) => !target.startsWith(`${room}/`) && !target.startsWith('packages/'),
      )
      expect({ file, strangers }).toEqual({ file, strangers: [] })
      const tests = (graph.get(file) ?? []).filter(isForTests)
      if (!/\/(simulated|testing)\/|testing\.ts$/.test(file))
        expect({ file, tests }).toEqual({ file, tests: [] })
    }
  })

  test('only the runner imports @actions/core and @actions/github', () => {
    const users = product.filter((file) =>
      /from '@actions\/(?:core|github)'/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(users.filter((file) => !file.startsWith('packages/runner/'))).toEqual([])
  })

  test('annotations are made of the findings of a report, and of nothing else', () => {
    const byHand =
      /::(?:error|warning|notice)\b|\blevel: '(?:error|warning|notice)',|core\.(?:error|notice)\b/
    const users = product.filter(
      (file) =>
        /^(?:actions|packages\/(?!runner\/))/.test(file) &&
        byHand.test(readFileSync(join(root, file), 'utf8')),
    )
    // The runner itself shows the end of a step, which may have no report.
    expect(users).toEqual([])
  })

  test('actions read and write files through the adapter of the runner; only streams are opened directly', () => {
    const whole =
      /import \{[^}]*\b(?:readFile|writeFile|mkdir|mkdtemp|glob|stat|rm)(?:Sync)?\b[^}]*\} from 'node:fs/
    const users = product.filter(
      (file) =>
        /^actions\/(?!.*\/testing\/)/.test(file) && whole.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(users).toEqual([])
  })

  test('an interruption is told in one place', () => {
    const users = product.filter(
      (file) =>
        file.startsWith('actions/') &&
        /new Failure\(\s*'interrupted'|reason instanceof Error/.test(readFileSync(join(root, file), 'utf8')),
    )
    // The rollout's own sentence says where the traffic is.
    expect(users).toEqual(['actions/canary-deploy/src/outcome.ts'])
  })
})
