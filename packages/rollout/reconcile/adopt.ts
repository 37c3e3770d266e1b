import type { Deployment } from '@alt-las/kubernetes'
import { withConfigs } from '../configs/config-plan.ts'
import { hash } from '../model/hash.ts'
import type { Observation } from '../model/observation.ts'
import type { Phase } from '../model/phase.ts'
import type { ConfigVersion } from '../model/plan.ts'
import type { Releases } from '../model/releases.ts'

export interface Adopted {
  /** The live workload in a form to apply again. */
  readonly live: Deployment
  /** Image of the named container. */
  readonly image: string
  /** Copies of the configuration that the plan will change. */
  readonly configs: readonly ConfigVersion[]
  /** Whether an autoscaler sets the replicas. */
  readonly scaled: boolean
  /** ms since 1970. */
  readonly at: number
}

/** The releases when a rollout leaves the phases without any change. */
export function adopting(
  releases: Releases,
  { kind }: Phase,
  { at, seen }: { readonly at: number; readonly seen: Observation },
): Releases {
  const { live, stable, former, autoscaler } = seen
  if (!changesFirst.has(kind) || live === null || stable === null) return releases
  return adopt(releases, {
    live,
    image: stable.image,
    configs: former.configs,
    scaled: autoscaler !== null,
    at,
  })
}

/** A rolling update is tested before its workload is written. */
const changesFirst: ReadonlySet<Phase['kind']> = new Set(['prepare', 'smoke', 'roll'])

/** Name of the release that served before this action was introduced. */
const adoptedRelease = 'adopted'

/**
 * The serving version at the start of a rollout is a release to return to, with its current configuration: the plain names get new content at
 * promotion. Changes nothing if the current release is recorded with all its configuration.
 */
export function adopt(releases: Releases, { live, image, configs, scaled, at }: Adopted): Releases {
  if (releases.current === null) {
    const desired = withConfigs(unmarked(scaled ? unscaled(live) : live), configs)
    const version = hash(desired)
    const entry = { release: adoptedRelease, image, version, at, desired, configs, undone: false }
    return { current: adoptedRelease, list: [...releases.list, entry].slice(-10) }
  }
  if (configs.length === 0) return releases
  const list = releases.list.map((one) => {
    if (one.release !== releases.current || one.desired === null) return one
    const desired = withConfigs(one.desired, configs)
    return { ...one, desired, version: hash(desired), configs: merged(one.configs ?? [], configs) }
  })
  return { ...releases, list }
}

function unscaled(live: Deployment): Deployment {
  const spec = Object.fromEntries(Object.entries(live.spec).filter(([key]) => key !== 'replicas'))
  return { ...live, spec: spec as unknown as Deployment['spec'] }
}

/** Without the labels and annotations of a rollout. */
function unmarked(live: Deployment): Deployment {
  const { annotations = {}, ...metadata } = live.metadata
  const own = Object.entries(annotations).filter(([key]) => !key.startsWith('alt-las.dev/'))
  return {
    ...live,
    metadata: { ...metadata, ...(own.length === 0 ? {} : { annotations: Object.fromEntries(own) }) },
  }
}

const merged = (known: readonly ConfigVersion[], more: readonly ConfigVersion[]) => [
  ...known.filter((one) => !more.some((other) => other.kind === one.kind && other.name === one.name)),
  ...more,
]
