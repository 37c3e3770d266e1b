import { createReadStream } from 'node:fs'
import { Failure } from '@alt-las/failure'
import {
  blobPath,
  type Descriptor,
  type Digest,
  type Layout,
  type Manifest,
  type Repository,
  formatSize,
} from '@alt-las/registry'
import { formatDuration, type Clock } from '@alt-las/time'
import type { Log } from '@alt-las/runner'
import { inParallel } from './parallel.ts'
import { startProgress } from './progress.ts'

/** A blob in the registry, and how it got there. */
export interface PlacedBlob {
  readonly digest: Digest
  readonly sizeBytes: number
  readonly how: 'pushed' | 'mounted' | 'present'
}

export interface Published {
  readonly blobs: readonly PlacedBlob[]
  /** Manifests that were put; empty where the registry had all. */
  readonly manifests: readonly Digest[]
  readonly pushedBytes: number
  readonly skippedBytes: number
}

export interface PublishOptions {
  readonly concurrency: number
  /** Repository paths of the same registry. */
  readonly siblings: readonly string[]
  /** Called for each blob as soon as it is in the registry. */
  readonly onBlob: (blob: PlacedBlob) => void
}

export interface PublishPorts {
  readonly repository: Pick<Repository, 'name' | 'hasBlob' | 'mount' | 'putBlob' | 'putManifest' | 'resolve'>
  readonly clock: Clock
  readonly log: Log
}

/** Pushes a layout by digest: missing blobs in parallel, then manifests, children first. Sets no tag. */
export async function publish(
  layout: Layout,
  options: PublishOptions,
  ports: PublishPorts,
): Promise<Published> {
  const { repository } = ports
  // A registry accepts a manifest only when it has the blobs, so a manifest that exists proves its blobs.
  const absent: Manifest[] = []
  for (const manifest of layout.manifests)
    if ((await repository.resolve(manifest.descriptor.digest)) === null) absent.push(manifest)
  const needed = blobsOf(absent)
  const placed = await placeBlobs(layout, needed, options, ports)
  for (const manifest of absent) await repository.putManifest(manifest.descriptor.digest, manifest)
  await prove(layout, repository)
  const vouched = layout.blobs.filter(({ digest }) => !needed.some((one) => one.digest === digest))
  const blobs = [
    ...placed,
    ...vouched.map(({ digest, size }) => ({ digest, sizeBytes: size, how: 'present' as const })),
  ]
  const travelled = [
    ...blobs.filter(({ how }) => how === 'pushed').map(({ sizeBytes }) => sizeBytes),
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
    const blob = { digest, sizeBytes: size, how }
    placed.push(blob)
    options.onBlob(blob)
    log.line(`${digest.slice(0, 19)} ${formatSize(size)}: ${how}, ${formatDuration(clock.elapsed() - begun)}`)
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
      hint: 'run it again; if it fails again, the registry changes what it stores',
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
