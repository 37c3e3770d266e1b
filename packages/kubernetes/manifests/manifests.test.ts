import { chmodSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { readManifests } from './manifests.ts'
import { parseManifests } from './parse-manifests.ts'

const root = mkdtempSync(join(tmpdir(), 'manifests '))
afterAll(() => {
  rmSync(root, { recursive: true })
})
const file = (name: string, text: string) => {
  const path = join(root, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
const map = (name: string, rest = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`

describe('readManifests', () => {
  test('reads files and directories in order, each document of them, and the items of a List', async () => {
    const one = file('one.yaml', `# first\n---\n${map('a')}---\n---\n${map('b')}`)
    file('all/2.yml', map('d'))
    file(
      'all/1.json',
      `{"apiVersion":"v1","kind":"List","items":[${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } })}]}`,
    )
    file('all/notes.txt', 'no manifest')
    const objects = await readManifests([one, join(root, 'all')])
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('the tool that builds a kustomization sees no input and no credential of the action', async () => {
    const folder = join(file('kustomized/kustomization.yaml', 'resources: []\n'), '..')
    const script =
      '#!/bin/sh\nprintf \'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"seen"}}\'\nenv >"$SEEN"\n'
    chmodSync(file('bin/kustomize', script), 0o755)
    const before = { ...process.env }
    const seen = join(root, 'seen')
    Object.assign(process.env, { INPUT_KUBECONFIG: 'a', SOME_TOKEN: 'b', SEEN: seen })
    process.env['PATH'] = `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`
    const objects = await readManifests([folder]).finally(() => {
      process.env = before
    })
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['seen'])
    expect(readFileSync(seen, 'utf8')).toContain('PATH=')
    expect(readFileSync(seen, 'utf8')).not.toMatch(/INPUT_KUBECONFIG|SOME_TOKEN/)
  })

  test('all problems are reported together, each with its file and line', async () => {
    const bad = file(
      'bad.yaml',
      `${map('a')}---\nkind: Pod\n---\napiVersion: v1\nkind: Pod\nmetadata: {}\n---\n- 1\n`,
    )
    const broken = file('broken.yaml', 'a: b\nc: "x\n')
    const again = file('again.yaml', map('a'))
    const act = readManifests([bad, broken, again, join(root, 'nowhere')])
    await expect(act).rejects.toMatchObject({ code: 'bad-manifests', fault: 'input' })
    await expect(act).rejects.toThrow(
      new RegExp(
        [
          'the manifests have 6 problems:',
          `- ${bad}:6: apiVersion is missing`,
          `- ${bad}:8: Pod has no metadata.name`,
          `- ${bad}:12: this is not a Kubernetes object`,
          `- ${broken}:3: Missing closing "quote`,
          `- ${join(root, 'nowhere')}:1: there is no such file or directory`,
          `- ${again}:1: ConfigMap a is already in ${bad}:1`,
        ].join('\n'),
      ),
    )
  })

  test('a file that no release has is not read', async () => {
    const large = file('large.yaml', '#'.repeat(9 * 1024 * 1024))
    await expect(readManifests([large])).rejects.toThrow('it has 9437184 bytes, expected at most 8388608')
  })

  test('hostile YAML is a problem of its file, never a crash or a hang', async () => {
    const texts = [
      'a: *b',
      'a: {<<: 1}',
      '? '.repeat(400),
      '['.repeat(20_000),
      `${map('x')}data: &d\n  a: *d\n`,
    ]
    const files = texts.map((text, index) => file(`hostile/${index}.yaml`, text))
    const act = readManifests(files)
    await expect(act).rejects.toMatchObject({ code: 'bad-manifests', fault: 'input' })
    await expect(act).rejects.toThrow('the manifests have 5 problems')
  })

  test('a file of comments alone is skipped beside others', async () => {
    const empty = file('comments.yaml', '# {{- if false }}\n---\n# nothing\n---\n')
    const objects = await readManifests([empty, file('beside.yaml', map('a'))])
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['a'])
  })

  test('an empty file is a problem, not an empty release', async () => {
    await expect(readManifests([file('empty.yaml', '# nothing\n')])).rejects.toThrow('it contains no object')
  })
})

describe('parseManifests', () => {
  test('a kind that is no text is a problem of its object', () => {
    expect(parseManifests('apiVersion: v1\nkind: {toString: 1}\nitems: []\n', 'f').problems).toEqual([
      { file: 'f', line: 1, what: 'kind is missing' },
    ])
  })

  test.each([
    ['mode: 0644', { mode: 420 }],
    ['on: yes', { true: true }],
    ['most: 9007199254740993', { most: 9007199254740993n }],
    ['least: -9223372036854775808', { least: -9223372036854775808n }],
    ['beyond: 99999999999999999999999', { beyond: 1e23 }],
    ['date: 2026-01-01', { date: '2026-01-01' }],
    ['time: 1:30', { time: '1:30' }],
    ['base: &b {x: 1}\nuse: {<<: *b, z: 2}', { base: { x: 1 }, use: { x: 1, z: 2 } }],
  ])('%j is read as Kubernetes reads it', (text, data) => {
    const inner = text.replace(/^/gm, '  ')
    const { manifests } = parseManifests(map('a', `data:\n${inner}\n`), 'f')
    expect(manifests[0]?.object).toMatchObject({ data })
  })
})
