import { Failure } from '@alt-las/failure'
import type { DaemonSet, Deployment, KubeObject, StatefulSet } from '@alt-las/kubernetes'
import { type Strategy, strategyOf } from '@alt-las/rollout'

interface Sought {
  readonly strategy: Strategy
  readonly namespace: string
  readonly deployment: string
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet']

/**
 * The one workload of the manifests to roll out, of any kind. Throws Failure `bad-manifests` (fault input) if there is
 * none, more than one, or one that this strategy cannot replace.
 */
export function findWorkload(objects: readonly KubeObject[], sought: Sought): Deployment {
  const { strategy, namespace, deployment: name } = sought
  const workloads = objects.filter(({ kind }) => kinds.includes(kind))
  const named = workloads.filter(
    ({ metadata }) => metadata.name === name && (metadata.namespace ?? namespace) === namespace,
  )
  const replaceable: readonly string[] = strategyOf(sought).workloads
  const fitting = named.filter(({ kind }) => replaceable.includes(kind))
  const [found, second] = fitting.length === 0 ? named : fitting
  if (found === undefined) throw missing(workloads, sought)
  if (second !== undefined)
    throw bad(
      `the manifests contain ${named.map(title).join(' and ')}, expected one workload named ${name}`,
      'give one of them another name, or move it to other manifests',
    )
  if (fitting.length === 0)
    throw bad(
      `${title(found)} cannot be rolled out by strategy ${strategy}: its pods cannot run in two versions side by side`,
      'use `strategy: rolling`, its own update strategy',
    )
  const problem = wrongWith(found)
  if (problem !== null) throw bad(`${title(found)} ${problem.what}`, problem.remedy)
  return found as Deployment
}

function missing(workloads: readonly KubeObject[], sought: Sought): Failure {
  const { namespace, deployment } = sought
  const kind = strategyOf(sought)
    .workloads.join(', ')
    .replace(/, (?=[^,]*$)/, ' or ')
  const held = workloads.length === 0 ? 'no workload' : workloads.map(title).join(', ')
  const elsewhere = workloads.find(({ metadata }) => metadata.name === deployment)
  return bad(
    `the manifests contain no ${kind} ${namespace}/${deployment}, they contain ${held}`,
    elsewhere === undefined
      ? 'name one of these in `deployment`, or add the workload to `manifests`'
      : `its namespace is ${elsewhere.metadata.namespace ?? ''}: use the same namespace in \`namespace\` and in the manifest`,
  )
}

interface Problem {
  readonly what: string
  readonly remedy: string
}

/** A problem that the API server would refuse half-way, or that would never end. */
function wrongWith(found: KubeObject): Problem | null {
  const { spec } = found as { readonly spec?: Partial<Deployment['spec']> }
  const containers = (spec?.template as Partial<Deployment['spec']['template']> | undefined)?.spec?.containers
  if (!Array.isArray(containers) || containers.length === 0)
    return { what: 'has no containers', remedy: 'list at least one in spec.template.spec.containers' }
  const selector = spec?.selector?.matchLabels ?? {}
  if (Object.keys(selector).length === 0)
    return { what: 'selects no pods by labels', remedy: 'give spec.selector.matchLabels labels of its pods' }
  const labels = spec?.template?.metadata?.labels ?? {}
  const lost = Object.entries(selector).find(([key, value]) => labels[key] !== value)
  if (lost !== undefined)
    return {
      what: `selects pods by ${lost.join('=')}, which its own template does not have`,
      remedy: 'give spec.template.metadata.labels that label',
    }
  return standsStill(found)
}

function standsStill(found: KubeObject): Problem | null {
  if (found.kind === 'Deployment')
    return (found as Deployment).spec.paused === true
      ? { what: 'is paused: its pods would never be replaced', remedy: 'leave spec.paused out' }
      : null
  const { updateStrategy } = (found as StatefulSet | DaemonSet).spec
  if (updateStrategy?.type === 'OnDelete')
    return {
      what: 'replaces a pod only after it was deleted by hand (updateStrategy OnDelete)',
      remedy: 'use updateStrategy RollingUpdate',
    }
  const partition = (found as StatefulSet).spec.updateStrategy?.rollingUpdate?.partition ?? 0
  return partition > 0
    ? {
        what: `keeps its pods below number ${partition} on the old version (partition ${partition})`,
        remedy: 'leave spec.updateStrategy.rollingUpdate.partition out',
      }
    : null
}

const title = ({ kind, metadata }: KubeObject) =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`

const bad = (message: string, hint: string) => new Failure('bad-manifests', message, { fault: 'input', hint })
