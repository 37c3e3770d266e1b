import { createHash } from 'node:crypto'
import { registryEndpoint } from '../addresses.ts'
import { ask } from '../base/fetch-tls.ts'
import { laboratoryCa, type Lab } from '../base/lab.ts'
import { parseReference } from './push.ts'

export interface Artifact {
  readonly name: string
  readonly layer: Buffer
  readonly layerType: string
  readonly configType: string
  readonly title: string
}

/** Puts one file as an OCI artifact into the lab's registry. */
export async function pushArtifact(lab: Lab, artifact: Artifact): Promise<void> {
  const { repository, tag } = parseReference(artifact.name)
  const config = Buffer.from('{}')
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: artifact.configType, digest: digestOf(config), size: config.length },
    layers: [
      {
        mediaType: artifact.layerType,
        digest: digestOf(artifact.layer),
        size: artifact.layer.length,
        annotations: { 'org.opencontainers.image.title': artifact.title },
      },
    ],
  })
  for (const blob of [config, artifact.layer]) await pushBlob(lab, repository, blob)
  const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }
  await expect201(lab, { url: `${base(repository)}/manifests/${tag}`, headers, body: manifest })
}

const base = (repository: string): string => `https://${registryEndpoint}/v2/${repository}`

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

async function pushBlob(lab: Lab, repository: string, blob: Buffer): Promise<void> {
  const begun = await ask({
    url: `${base(repository)}/blobs/uploads/`,
    method: 'POST',
    ca: laboratoryCa(lab),
  })
  const location = begun?.headers['location']
  if (begun?.status !== 202 || typeof location !== 'string')
    throw new Error(`the lab's registry took no upload for ${repository}: ${String(begun?.status)}`)
  const url = new URL(location, base(repository))
  url.searchParams.set('digest', digestOf(blob))
  await expect201(lab, { url: url.href, headers: { 'content-type': 'application/octet-stream' }, body: blob })
}

async function expect201(
  lab: Lab,
  put: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Buffer | string
  },
): Promise<void> {
  const answer = await ask({ ...put, method: 'PUT', ca: laboratoryCa(lab) })
  if (answer?.status !== 201)
    throw new Error(
      `the lab's registry answered ${String(answer?.status)} to PUT ${put.url}: ${String(answer?.body)}`,
    )
}
