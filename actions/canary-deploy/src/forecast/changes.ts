import { type At, type Cluster, type KubeObject, title } from '@alt-las/kubernetes'
import { type AutoscalerSight, type Plan, covers, inOrder, stateName } from '@alt-las/rollout'
import { canaryName, routePlaces, splitsBySelector } from '@alt-las/routers'

/** One object that would be written. */
export interface Change {
  readonly object: string
  readonly deed: string
}

/** The user's own objects: those that are new, and what would change in the others. */
export async function changesOf(
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly Change[]> {
  const ordered = inOrder(objects)
  const live = await Promise.all(ordered.map((object) => cluster.get(at(object))))
  return ordered.flatMap((object, index) => {
    const found = live[index] ?? null
    if (found !== null && covers(found, object)) return []
    const deed = found === null ? 'created' : `changed: ${differences(found, object).join(', ')}`
    return [{ object: title(object), deed }]
  })
}

const most = 4

/** Paths only: what a Secret holds is nobody's business. */
function differences(live: unknown, wanted: unknown): readonly string[] {
  const paths = pathsOf(live, wanted, '')
  return paths.length <= most ? paths : [...paths.slice(0, most), `and ${String(paths.length - most)} more`]
}

function pathsOf(live: unknown, wanted: unknown, path: string): readonly string[] {
  if (covers(live, wanted)) return []
  const isPlain = typeof wanted === 'object' && wanted !== null
  if (!isPlain || typeof live !== 'object' || live === null) return [path]
  if (Array.isArray(wanted) && (!Array.isArray(live) || live.length !== wanted.length)) return [path]
  return Object.entries(wanted).flatMap(([key, value]) =>
    pathsOf((live as Record<string, unknown>)[key], value, path === '' ? key : `${path}.${key}`),
  )
}

/** What the rollout itself would write and take away again. */
export function ownChanges(
  plan: Plan,
  { serving, autoscaler }: { readonly serving: boolean; readonly autoscaler: AutoscalerSight | null },
): readonly Change[] {
  const { deployment, service, canaryService, strategy } = plan
  const beside = serving && strategy !== 'rolling'
  const passing = (object: string) => ({ object, deed: 'made, and removed at the end' })
  const back = (object: string, what: string) => ({ object, deed: `${what}, and given back at the end` })
  return [
    { object: `ConfigMap ${stateName(deployment)}`, deed: 'the state of the rollout' },
    { object: `Lease of ${deployment}`, deed: 'one run at a time' },
    ...plan.configs.map(({ kind, versioned }) => ({
      object: `${kind} ${versioned}`,
      deed: 'made: this version of it',
    })),
    ...(plan.before === null ? [] : [{ object: `Job ${plan.before.metadata.name}`, deed: 'runs first' }]),
    ...(beside
      ? [
          passing(`Deployment ${canaryName(deployment)}`),
          passing(`Service ${canaryService}`),
          back(
            `Service ${service}`,
            splitsBySelector(plan) ? 'its selector is the switch' : 'pinned to one version',
          ),
          ...routePlaces(plan).map(({ kind }) => back(`${kind} to ${service}`, 'weights')),
          ...(autoscaler === null ? [] : [back(`HorizontalPodAutoscaler ${autoscaler.name}`, 'held')]),
          ...(plan.guard === null
            ? []
            : [passing("Job of the dead-man's switch, its ServiceAccount, Role and RoleBinding")]),
        ]
      : []),
  ]
}

function at({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}
