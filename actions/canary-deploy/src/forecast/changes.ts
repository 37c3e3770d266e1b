import { Failure } from '@alt-las/failure'
import {
  type At,
  type Cluster,
  type DryRun,
  dryRunManifest,
  type KubeObject,
  title,
} from '@alt-las/kubernetes'
import { type ObservedAutoscaler, type Plan, inOrder, manager, stateName } from '@alt-las/rollout'
import { canaryName, routePlaces, splitsBySelector } from '@alt-las/routers'
import { changedPaths } from './changed-paths.ts'

/** One object that would be written. */
export interface Change {
  readonly object: string
  readonly change: string
}

/** The API server's answer to a dry run of the user's objects. */
export interface Foreseen {
  /** The new objects, and the changed fields of the others. */
  readonly changes: readonly Change[]
  /** Why an object would be refused. */
  readonly problems: readonly string[]
}

export async function changesOf(
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'> & DryRun,
): Promise<Foreseen> {
  const answers = await Promise.all(inOrder(objects).map((object) => changeOf(object, objects, cluster)))
  return {
    changes: answers.flatMap(({ changes }) => changes),
    problems: answers.flatMap(({ problems }) => problems),
  }
}

async function changeOf(
  object: KubeObject,
  all: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'> & DryRun,
): Promise<Foreseen> {
  const changed = (change: string) => [{ object: title(object), change }]
  try {
    const live = await cluster.get(at(object))
    const answer = await dryRunManifest(object, manager, cluster)
    if (live === null) return { changes: changed('created'), problems: [] }
    const paths = changedPaths({ live, wanted: object, next: answer })
    return {
      changes: paths.length === 0 ? [] : changed(`changed: ${shortened(paths).join(', ')}`),
      problems: [],
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // The object depends on another one in the manifests, which is applied first.
    if (error.code === 'not-found' && isBrought(object, all))
      return { changes: changed('created'), problems: [] }
    return { changes: changed('cannot be predicted'), problems: [`${title(object)}: ${error.message}`] }
  }
}

/** Whether the manifests contain its namespace, or the definition of its kind. */
function isBrought({ kind, metadata }: KubeObject, all: readonly KubeObject[]): boolean {
  const defines = (one: KubeObject) =>
    (one as { readonly spec?: { readonly names?: { readonly kind?: string } } }).spec?.names?.kind === kind
  return all.some(
    (one) =>
      (one.kind === 'Namespace' && one.metadata.name === metadata.namespace) ||
      (one.kind === 'CustomResourceDefinition' && defines(one)),
  )
}

const most = 4

const shortened = (paths: readonly string[]): readonly string[] =>
  paths.length <= most ? paths : [...paths.slice(0, most), `and ${paths.length - most} more`]

/** Objects that the rollout itself would write and remove again. */
export function ownChanges(
  plan: Plan,
  { serving, autoscaler }: { readonly serving: boolean; readonly autoscaler: ObservedAutoscaler | null },
): readonly Change[] {
  const { deployment, service, canaryService, strategy } = plan
  const beside = serving && strategy !== 'rolling'
  const passing = (object: string) => ({ object, change: 'created, and removed at the end' })
  const back = (object: string, what: string) => ({ object, change: `${what}, and restored at the end` })
  return [
    { object: `ConfigMap ${stateName(deployment)}`, change: 'the state of the rollout' },
    { object: `Lease of ${deployment}`, change: 'one run at a time' },
    ...plan.configs.map(({ kind, versioned }) => ({
      object: `${kind} ${versioned}`,
      change: 'created: this version of it',
    })),
    ...(plan.preDeployJob === null
      ? []
      : [{ object: `Job ${plan.preDeployJob.metadata.name}`, change: 'runs first' }]),
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
          ...(plan.watchdogImage === null
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
