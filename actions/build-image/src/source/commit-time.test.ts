import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { systemProcess } from '@alt-las/process'
import { commitTime } from './commit-time.ts'

let root = ''
let traps = ''
const git = async (...args: readonly string[]) => {
  const env = {
    GIT_AUTHOR_DATE: '1000000000 +0000',
    GIT_COMMITTER_DATE: '1767225600 +0100',
    GIT_CONFIG_GLOBAL: '/dev/null',
  }
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.c']
  const { code, stderr } = await systemProcess.run('git', ['-C', root, ...identity, ...args], { env })
  if (code !== 0) throw new Error(stderr)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'commit time '))
  traps = await mkdtemp(join(tmpdir(), 'traps-'))
  await git('init', '--quiet')
  await git('commit', '--quiet', '--allow-empty', '--message', 'committer x <y> 7 +0000')
  // Programs that a checkout can make git run.
  const trap = join(traps, 'trap')
  await writeFile(trap, `#!/bin/sh\ntouch '${traps}/ran'\n`, { mode: 0o755 })
  for (const key of ['gpg.program', 'core.pager', 'core.fsmonitor', 'core.sshCommand', 'diff.external'])
    await git('config', key, trap)
  await git('config', 'log.showSignature', 'true')
  await git('config', 'remote.origin.url', `ext::${trap}`)
  await git('config', 'protocol.ext.allow', 'always')
  await git('config', 'remote.origin.promisor', 'true')
  await git('config', 'extensions.partialClone', 'origin')
})

test("the time is the committer's, and no program of the checkout runs", async () => {
  await expect(commitTime(root, '', systemProcess)).resolves.toBe(1_767_225_600)
  expect(await readdir(traps)).toEqual(['trap'])
})

test('a commit that is not there has no time, and is not fetched', async () => {
  await expect(commitTime(root, 'c'.repeat(40), systemProcess)).resolves.toBeNull()
  expect(await readdir(traps)).toEqual(['trap'])
})
