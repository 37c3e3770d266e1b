import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { must } from '../base/run.ts'

/** The part of an OCI image config that the lab sets. */
export interface ImageConfig {
  readonly User: string
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly WorkingDir?: string
  readonly StopSignal?: string
}

interface Blob {
  readonly digest: string
  readonly size: number
}

/**
 * Writes an OCI layout with one image of one layer, tagged `image`: the files beneath `root`, owned by root, with the time 0.
 * Same files, same digest.
 */
export async function writeLayout(root: string, config: ImageConfig, layout: string): Promise<void> {
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true })
  const tar = join(layout, 'layer.tar')
  const owner = [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mtime=@0',
    '--format=posix',
    '--pax-option=delete=atime,delete=ctime',
  ]
  await must('tar', ['-C', root, ...owner, '-cf', tar, '.'])
  const uncompressed = await digestOf(tar)
  await pipeline(createReadStream(tar), createGzip({ level: 6 }), createWriteStream(`${tar}.gz`))
  rmSync(tar)
  const layer = await storeFile(layout, `${tar}.gz`)
  const image = storeJson(layout, {
    architecture: 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config,
    rootfs: { type: 'layers', diff_ids: [uncompressed] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'ALT_LAS Delivery lab' }],
  })
  const manifest = storeJson(layout, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...image },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }],
  })
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  const named = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...manifest,
    annotations: { 'org.opencontainers.image.ref.name': 'image' },
  }
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [named] }))
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return `sha256:${hash.digest('hex')}`
}

async function storeFile(layout: string, file: string): Promise<Blob> {
  const digest = await digestOf(file)
  const stored = join(layout, 'blobs', 'sha256', digest.slice('sha256:'.length))
  renameSync(file, stored)
  return { digest, size: statSync(stored).size }
}

function storeJson(layout: string, value: unknown): Blob {
  const text = JSON.stringify(value)
  const hex = createHash('sha256').update(text).digest('hex')
  writeFileSync(join(layout, 'blobs', 'sha256', hex), text)
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) }
}
