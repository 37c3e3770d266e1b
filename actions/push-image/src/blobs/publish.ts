import { Failure } from '@alt-las/failure'
import {
  foreignLayerMissing,
  openBlob,
  type Descriptor,
  type Digest,
  type Layout,
  type Manifest,
  type Repository,
  formatSize,
} from '@alt-las/registry'
import { formatDuration, type Clock } from '@alt-las/time'
import type { Log } from '@alt-las/runner'
import { inParallel, sieve } from './parallel.ts'
import { startProgress } from './progress.ts'

/** A blob in the registry, and how it got there. */
export interface PlacedBlob {
  readonly digest: Digest
  readonly sizeBytes: number
  readonly how: 'pushed' | 'mounted' | 'present'
}

export interface Published {
  readonly blobs: readonly PlacedBlob[]
  /** Manifests that were put; empty where the registry had all, with their blobs. */
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

/** Pushes a layout by digest: missing blobs in parallel, then manifests that are missing or lacked a blob, children first. Sets no tag. */
export async function publish(
  layout: Layout,
  options: PublishOptions,
  ports: PublishPorts,
): Promise<Published> {
  const { repository } = ports
  const absent = new Set<Digest>()
  for (const { descriptor } of layout.manifests)
    if ((await repository.resolve(descriptor.digest)) !== descriptor.digest) absent.add(descriptor.digest)
  // A manifest that is there proves nothing of its blobs: registries lose and clean them up one by one.
  const blobs = await placeBlobs(layout, options, ports)
  const travelled = blobs.filter(({ how }) => how !== 'present')
  const repaired = new Set(travelled.map(({ digest }) => digest))
  const isIncomplete = (one: Manifest): boolean =>
    absent.has(one.descriptor.digest) ||
    (one.kind !== 'index' && [one.config, ...one.layers].some(({ digest }) => repaired.has(digest)))
  const put = layout.manifests.filter(isIncomplete)
  for (const manifest of put)
    await repository.putManifest(manifest.descriptor.digest, manifest).catch((error: unknown) => {
      throw refusedForeign(error, layout, repository.name)
    })
  await prove(layout, travelled, options, repository)
  const all = [...layout.blobs.map(({ size }) => size), ...layout.manifests.map(({ bytes }) => bytes.length)]
  const pushedBytes = sum([
    ...blobs.filter(({ how }) => how === 'pushed').map(({ sizeBytes }) => sizeBytes),
    ...put.map(({ bytes }) => bytes.length),
  ])
  return {
    blobs,
    manifests: put.map(({ descriptor }) => descriptor.digest),
    pushedBytes,
    skippedBytes: sum(all) - pushedBytes,
  }
}

/** Looks for every blob, and uploads what is missing meanwhile: a large upload holds no look up. */
async function placeBlobs(
  layout: Layout,
  options: PublishOptions,
  ports: PublishPorts,
): Promise<readonly PlacedBlob[]> {
  const { clock, log, repository } = ports
  const { concurrency, siblings } = options
  const progress = startProgress(sum(layout.blobs.map(({ size }) => size)), log.line, clock)
  const placed: PlacedBlob[] = []
  const place = ({ digest, size }: Descriptor, how: PlacedBlob['how'], begun: number): void => {
    const blob = { digest, sizeBytes: size, how }
    placed.push(blob)
    options.onBlob(blob)
    log.line(`${digest.slice(0, 19)} ${formatSize(size)}: ${how}, ${formatDuration(clock.elapsed() - begun)}`)
  }
  const find = async (blob: Descriptor): Promise<boolean> => {
    const begun = clock.elapsed()
    const how = await findBlob(blob, siblings, repository)
    if (how !== null) place(blob, how, begun)
    return how === null
  }
  await sieve(layout.blobs, concurrency, find, async (blob) => {
    const begun = clock.elapsed()
    const open = () => progress.counted(openBlob(layout.path, blob.digest))
    await repository.putBlob(blob.digest, { size: blob.size, open })
    place(blob, 'pushed', begun)
  })
  return placed
}

/** null: it has to travel. */
async function findBlob(
  { digest, size }: Descriptor,
  siblings: readonly string[],
  repository: PublishPorts['repository'],
): Promise<'present' | 'mounted' | null> {
  if (await repository.hasBlob(digest, size)) return 'present'
  for (const sibling of siblings) if (await repository.mount(digest, sibling)) return 'mounted'
  return null
}

// Most registries accept a manifest without such a layer; for one that does not, the layer is the reason.
function refusedForeign(error: unknown, { foreign }: Layout, name: string): unknown {
  const [layer] = foreign
  const isRefusal = error instanceof Failure && /^registry-(?:refused|absent)$/.test(error.code)
  return isRefusal && layer !== undefined ? foreignLayerMissing(layer, name, error) : error
}

/** What is called pushed can be pulled: every manifest is there, and every blob that this run brought. */
async function prove(
  layout: Layout,
  brought: readonly PlacedBlob[],
  { concurrency }: PublishOptions,
  repository: PublishPorts['repository'],
): Promise<void> {
  for (const { descriptor } of layout.manifests) {
    const { digest } = descriptor
    const shown = await repository.resolve(digest)
    if (shown !== digest) throw notPublished(repository.name, digest, shown)
  }
  await inParallel(brought, concurrency, async ({ digest, sizeBytes }) => {
    if (!(await repository.hasBlob(digest, sizeBytes))) throw notPublished(repository.name, digest, null)
  })
}

function notPublished(name: string, digest: Digest, shown: Digest | null): Failure<'not-published'> {
  return new Failure('not-published', `${name} shows ${shown ?? 'nothing'} for ${digest} after the push`, {
    fault: 'outside',
    hint: 'run it again; if it fails again, the registry changes or drops what it stores',
  })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
