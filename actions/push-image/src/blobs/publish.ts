import { createReadStream } from 'node:fs'
import { Failure } from '@alt-las/failure'
import {
  blobPath,
  type Descriptor,
  type Digest,
  type Layout,
  type Manifest,
  type Repository,
} from '@alt-las/registry'
import { formatDuration, type Clock } from '@alt-las/time'
import type { Log } from '@alt-las/runner'
import { formatBytes } from '../bytes.ts'
import { inParallel } from './parallel.ts'
import { startProgress } from './progress.ts'

/** How a blob came to be in the registry. */
export interface PlacedBlob {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly how: 'pushed' | 'mounted' | 'present'
}

export interface Published {
  readonly blobs: readonly PlacedBlob[]
  /** Manifests that were put; none where all were there. */
  readonly manifests: readonly Digest[]
  readonly pushedBytes: number
  readonly skippedBytes: number
}

export interface PublishOptions {
  readonly concurrency: number
  /** Repository paths of the same registry. */
  readonly siblings: readonly string[]
  /** Told of each blob as soon as it is in the registry. */
  readonly onBlob: (blob: PlacedBlob) => void
}

export interface PublishPorts {
  readonly repository: Pick<Repository, 'name' | 'hasBlob' | 'mount' | 'putBlob' | 'putManifest' | 'resolve'>
  readonly clock: Clock
  readonly log: Log
}

/** Brings a layout into the repository by digest: missing blobs in parallel, then manifests from the leaves up. No tag is touched. */
export async function publish(
  layout: Layout,
  options: PublishOptions,
  ports: PublishPorts,
): Promise<Published> {
  const { repository } = ports
  // A registry takes a manifest only when it has what the manifest names: so a manifest that is there vouches for its blobs.
  const absent: Manifest[] = []
  for (const manifest of layout.manifests)
    if ((await repository.resolve(manifest.descriptor.digest)) === null) absent.push(manifest)
  const needed = blobsOf(absent)
  const placed = await placeBlobs(layout, needed, options, ports)
  for (const manifest of absent) await repository.putManifest(manifest.descriptor.digest, manifest)
  await prove(layout, repository)
  const vouched = layout.blobs.filter(({ digest }) => !needed.some((one) => one.digest === digest))
  const blobs = [...placed, ...vouched.map(({ digest, size }) => ({ digest, size, how: 'present' as const }))]
  const travelled = [
    ...blobs.filter(({ how }) => how === 'pushed').map(({ size }) => size),
    ...absent.map(({ bytes }) => bytes.length),
  ]
  const all = [...layout.blobs.map(({ size }) => size), ...layout.manifests.map(({ bytes }) => bytes.length)]
  const pushedBytes = sum(travelled)
  return {
    blobs,
    manifests: absent.map(({ descriptor }) => descriptor.digest),
    pushedBytes,
    skippedBytes: sum(all) - pushedBytes,
  }
}

async function placeBlobs(
  layout: Layout,
  needed: readonly Descriptor[],
  options: PublishOptions,
  ports: PublishPorts,
): Promise<readonly PlacedBlob[]> {
  const { clock, log } = ports
  const progress = startProgress(sum(needed.map(({ size }) => size)), log.line, clock)
  const placed: PlacedBlob[] = []
  await inParallel(needed, options.concurrency, async ({ digest, size }) => {
    const begun = clock.elapsed()
    const open = () =>
      progress.counted(createReadStream(blobPath(layout.path, digest), { highWaterMark: 1 << 20 }))
    const how = await placeBlob(digest, { size, open }, options.siblings, ports.repository)
    placed.push({ digest, size, how })
    options.onBlob({ digest, size, how })
    log.line(
      `${digest.slice(0, 19)} ${formatBytes(size)}: ${how}, ${formatDuration(clock.elapsed() - begun)}`,
    )
  })
  return placed
}

async function placeBlob(
  digest: Digest,
  body: Parameters<Repository['putBlob']>[1],
  siblings: readonly string[],
  repository: PublishPorts['repository'],
): Promise<PlacedBlob['how']> {
  if (await repository.hasBlob(digest)) return 'present'
  for (const sibling of siblings) if (await repository.mount(digest, sibling)) return 'mounted'
  await repository.putBlob(digest, body)
  return 'pushed'
}

async function prove(layout: Layout, repository: PublishPorts['repository']): Promise<void> {
  const { digest } = layout.top
  const seen = await repository.resolve(digest)
  if (seen === digest) return
  throw new Failure(
    'not-published',
    `${repository.name} shows ${seen ?? 'nothing'} for ${digest} after the push`,
    {
      fault: 'outside',
      hint: 'run it again; if it stays so, the registry changes what it is given',
    },
  )
}

function blobsOf(manifests: readonly Manifest[]): readonly Descriptor[] {
  const all = manifests.flatMap((one) => (one.kind === 'index' ? [] : [...one.layers, one.config]))
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
