import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Entry } from '@alt-las/outcome'
import { outcomeDocument } from '@alt-las/testing'
import { scanTrivy } from '../scan-trivy.ts'
import { cleanReport } from '../testing/report.ts'
import { scene } from '../testing/scan.ts'

const built = (service: string, digest: string): Entry => ({
  path: `${service}/build-image.json`,
  document: outcomeDocument('build-image', { subject: { service, digest } }),
})

/** The service under which the scan of a layout with these annotations is told. */
async function service(annotations: Record<string, string>, outcomes: (digest: string) => readonly Entry[]) {
  const stage = await scene({ report: cleanReport })
  const { source } = stage.inputs
  const path = join(source.kind === 'layout' ? source.path : '', 'index.json')
  const index = JSON.parse(await readFile(path, 'utf8')) as { manifests: object[] }
  const manifests = index.manifests.map((one) => ({ ...one, annotations }))
  await writeFile(path, JSON.stringify({ ...index, manifests }))
  const found = { entries: outcomes(stage.digest), unreadable: [] }
  await scanTrivy(stage.inputs, { ...stage.ports, findOutcomes: () => Promise.resolve(found) })
  return stage.known().subject.service
}

const refName = 'org.opencontainers.image.ref.name'

describe('the service of a scanned layout', () => {
  test.each<[string, Record<string, string>, (digest: string) => readonly Entry[], string | undefined]>([
    ['of the build of this digest', { [refName]: 'ghcr.io/a/b' }, (digest) => [built('web', digest)], 'web'],
    ['not of another build', {}, () => [built('web', `sha256:${'0'.repeat(64)}`)], undefined],
    ['of the image name', { [refName]: 'ghcr.io/alt-las/api-gateway:1.2' }, () => [], 'api-gateway'],
    [
      'of the name that BuildKit writes',
      { 'io.containerd.image.name': 'ghcr.io/a/web:latest', [refName]: 'latest' },
      () => [],
      'web',
    ],
    ['not of a tag alone', { [refName]: '1.2.3' }, () => [], undefined],
    ['not of text that is no name', { [refName]: 'a/../B:::x' }, () => [], undefined],
    [
      'of the name where two builds agree on the digest',
      { [refName]: 'ghcr.io/a/b' },
      (digest) => [built('x', digest), built('y', digest)],
      'b',
    ],
  ])('is that %s', async (_, annotations, outcomes, expected) => {
    await expect(service(annotations, outcomes)).resolves.toBe(expected)
  })
})
