import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { cacheDir, downloadTool, extractTar, find } from '@actions/tool-cache'
import { Failure } from '@alt-las/failure'
import { digestOfStream } from '@alt-las/registry'
import { releaseFor, type Release } from './releases.ts'

/** From the runner's tool cache, else the project's release, verified before it is unpacked. Throws Failure `scanner-unverified`. */
export async function installTrivy(version: string): Promise<string> {
  const release = releaseFor(version, process.platform, process.arch)
  const cached = find('trivy', version)
  if (cached !== '') return join(cached, 'trivy')
  const archive = await downloadTool(release.url)
  await verifyArchive(archive, release)
  return join(await cacheDir(await extractTar(archive), 'trivy', version), 'trivy')
}

/** Throws Failure `scanner-unverified` if the downloaded file is not that of the release. */
export async function verifyArchive(archive: string, { url, sha256 }: Release): Promise<void> {
  const { digest } = await digestOfStream(createReadStream(archive))
  if (digest === `sha256:${sha256}`) return
  throw new Failure('scanner-unverified', `${url} has ${digest}, expected sha256:${sha256}`, {
    fault: 'outside',
    hint: 'do not use that file: it differs from the release that was checked when this version was pinned',
  })
}
