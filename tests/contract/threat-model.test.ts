import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const docs = join(import.meta.dirname, '../../docs')
const page = readFileSync(join(docs, 'threat-model.md'), 'utf8')
const [defended = '', notDefended = ''] = page.split('\n## Not defended\n')
const proofs = [...defended.matchAll(/\[([^\]]+)\]\((\S+\.test\.ts)\)/g)].map(
  ([, title = '', file = '']) => [title.replaceAll(/\\([^a-z])/gi, '$1'), file] as const,
)

/** Rows of all tables, without their heads and rulers. */
const rows = defended.split('\n').filter((line) => line.startsWith('|') && !/^\| (attack|-+) /.test(line))

describe('the threat model', () => {
  test.each(proofs)('is proved by the test "%s"', (title, file) => {
    const path = join(docs, file)
    expect(existsSync(path) ? 'exists' : `${file} is missing`).toBe('exists')
    expect(titlesOf(readFileSync(path, 'utf8'))).toContain(title)
  })

  test('claims nothing without a proof', () => {
    expect(rows.length).toBeGreaterThan(60)
    expect(rows.filter((row) => !/\]\(\.\.\/\S+\.test\.ts\) *\|$/.test(row))).toEqual([])
  })

  test('says in sentences what is not defended', () => {
    expect(notDefended).toMatch(/^\n- /)
    expect(notDefended).not.toContain('.test.ts')
  })

  test('is where SECURITY.md, README.md and CONTRIBUTING.md send their readers', () => {
    for (const file of ['SECURITY.md', 'README.md', 'CONTRIBUTING.md'])
      expect(readFileSync(join(docs, '..', file), 'utf8')).toContain('](docs/threat-model.md)')
  })
})

/** Of tests and of groups of tests, whichever quotes they stand in. A title that begins or ends its text stands right beside a quote. */
function titlesOf(source: string): readonly string[] {
  const quoted = source.matchAll(/(?:\(|^\s+)(['"`])((?:\\.|(?!\1).)+)\1,/gm)
  return [...quoted].map(([, , title = '']) => title.replaceAll(/\\(['"`])/g, '$1'))
}
