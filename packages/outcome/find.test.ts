import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { outcomeDocument } from '@alt-las/testing'
import { find, maxDocumentBytes, write } from './index.ts'

const folder = () => mkdtemp(join(tmpdir(), 'outcome-'))

describe('write', () => {
  test('leaves a file of this step alone, and the last one of its action for the service', async () => {
    const temp = await folder()
    const first = outcomeDocument('push-image', { because: 'may be written to' })
    const second = outcomeDocument('push-image', { because: 'pushed' })
    const paths = [
      await write(first, { service: 'web' }, temp),
      await write(second, { service: 'web' }, temp),
    ] as const
    expect(paths[0]).not.toBe(paths[1])
    expect(JSON.parse(await readFile(paths[0], 'utf8'))).toEqual(first)
    expect(JSON.parse(await readFile(paths[1], 'utf8'))).toEqual(second)
    const { entries } = await find(join(temp, 'alt-las/outcomes'))
    expect(entries).toEqual([{ path: join('web', 'push-image.json'), document: second }])
  })
})

describe('find', () => {
  test('gives the documents of every folder in the order in which their steps began', async () => {
    const temp = await folder()
    const at = (minute: number) => `2026-11-22T16:0${minute}:00.000Z`
    await write(outcomeDocument('verify', { startedAt: at(3) }), { service: 'release' }, temp)
    await write(outcomeDocument('build-image', { startedAt: at(1) }), { service: 'web' }, temp)
    await write(outcomeDocument('build-image', { startedAt: at(2) }), { service: 'api' }, temp)
    const { entries, unreadable } = await find(join(temp, 'alt-las/outcomes'))
    expect(entries.map(({ path }) => path)).toEqual([
      join('web', 'build-image.json'),
      join('api', 'build-image.json'),
      join('release', 'verify.json'),
    ])
    expect(unreadable).toEqual([])
  })

  test('names what is no document, and hides no other', async () => {
    const temp = await folder()
    const outcomes = join(temp, 'alt-las/outcomes')
    await write(outcomeDocument('verify'), { service: 'web' }, temp)
    await mkdir(join(outcomes, 'bad'))
    await writeFile(join(outcomes, 'bad/verify.json'), '{"schema":"alt-las-delivery/outcome/v9"}')
    await writeFile(join(outcomes, 'bad/huge.json'), ' '.repeat(maxDocumentBytes + 1))
    await writeFile(join(outcomes, 'bad/readme.md'), 'no document')
    await symlink('/etc/passwd', join(outcomes, 'bad/link.json'))
    const { entries, unreadable } = await find(outcomes)
    expect(entries).toHaveLength(1)
    expect(unreadable).toEqual([
      { path: join('bad', 'huge.json'), because: expect.stringContaining('expected at most 16777216') },
      { path: join('bad', 'verify.json'), because: expect.stringContaining('"alt-las-delivery/outcome/v9"') },
    ])
  })

  test('finds nothing where there is no folder', async () => {
    expect(await find(join(await folder(), 'none'))).toEqual({ entries: [], unreadable: [] })
  })
})
