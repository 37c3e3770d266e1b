import { mkdtemp, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { verifyArchive } from './install.ts'

const url = 'https://example.com/trivy.tar.gz'

async function downloaded(text: string) {
  const archive = join(await mkdtemp(join(tmpdir(), 'trivy-')), 'archive')
  await writeFile(archive, text)
  return archive
}

test('a downloaded file with another checksum than the source has is not unpacked', async () => {
  const sha256 = createHash('sha256').update('release').digest('hex')
  await expect(verifyArchive(await downloaded('release'), { url, sha256 })).resolves.toBeUndefined()
  await expect(verifyArchive(await downloaded('another'), { url, sha256 })).rejects.toMatchObject({
    code: 'scanner-unverified',
    message: expect.stringContaining(`expected sha256:${sha256}`),
  })
})
