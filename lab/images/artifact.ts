import { Readable } from 'node:stream'
import { digestOf, mediaTypes } from '@alt-las/registry'
import type { Lab } from '../base/lab.ts'
import { placeOf } from './push.ts'

export interface Artifact {
  readonly name: string
  readonly layer: Buffer
  readonly layerType: string
  readonly configType: string
  readonly title: string
}

/** Puts one file as an OCI artifact into the lab's registry. */
export async function pushArtifact(lab: Lab, artifact: Artifact): Promise<void> {
  const { repository, tag } = placeOf(lab, artifact.name)
  const config = Buffer.from('{}')
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: artifact.configType, digest: digestOf(config), size: config.length },
      layers: [
        {
          mediaType: artifact.layerType,
          digest: digestOf(artifact.layer),
          size: artifact.layer.length,
          annotations: { 'org.opencontainers.image.title': artifact.title },
        },
      ],
    }),
  )
  for (const blob of [config, artifact.layer])
    await repository.putBlob(digestOf(blob), { size: blob.length, open: () => Readable.from([blob]) })
  const descriptor = { mediaType: mediaTypes.manifest, digest: digestOf(bytes), size: bytes.length }
  await repository.putManifest(tag, { descriptor, bytes })
}
