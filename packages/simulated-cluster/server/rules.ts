import { Failure } from '@alt-las/failure'
import type { KubeObject } from '@alt-las/kubernetes'
import { equal, isFields } from '../values/frozen.ts'

interface Loose {
  readonly spec?: Readonly<Record<string, unknown>>
  readonly data?: unknown
  readonly binaryData?: unknown
  readonly type?: unknown
  readonly immutable?: boolean
  readonly roleRef?: unknown
}

// What may not change once it is there.
const immutable: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['selector'],
  ReplicaSet: ['selector'],
  DaemonSet: ['selector'],
  StatefulSet: ['selector', 'serviceName', 'podManagementPolicy', 'volumeClaimTemplates'],
  Job: ['selector', 'template', 'completionMode', 'completions'],
}

/** Throws Failure `invalid`, as the API server's 422, where a write breaks a rule of its kind. */
export function checkRules(next: KubeObject, previous: KubeObject | undefined): void {
  const now = next as Loose
  const problem = ownProblem(next) ?? (previous === undefined ? null : changed(now, previous))
  if (problem === null) return
  throw new Failure('invalid', `${next.kind} "${next.metadata.name}" is invalid: ${problem}`, {
    fault: 'input',
  })
}

function changed(now: Loose, previous: KubeObject): string | null {
  const before = previous as Loose
  const { kind } = previous
  for (const field of immutable[kind] ?? []) {
    if (!equal(now.spec?.[field], before.spec?.[field])) return `spec.${field}: field is immutable`
  }
  if (before.immutable === true) {
    if (now.immutable !== true || !equal(now.data, before.data) || !equal(now.binaryData, before.binaryData))
      return 'data: field is immutable when `immutable` is set'
  }
  if (kind === 'Secret' && before.type !== undefined && !equal(now.type, before.type))
    return 'type: field is immutable'
  const ip = before.spec?.['clusterIP']
  if (kind === 'Service' && ip !== undefined && ip !== '' && now.spec?.['clusterIP'] !== ip)
    return 'spec.clusterIPs[0]: field is immutable'
  if (kind.endsWith('RoleBinding') && !equal(now.roleRef, before.roleRef)) return 'cannot change roleRef'
  return null
}

function ownProblem({ kind, ...object }: KubeObject): string | null {
  const { spec } = object as Loose
  if (!['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].includes(kind)) return null
  const replicas = spec?.['replicas']
  if (typeof replicas === 'number' && replicas < 0) return 'spec.replicas: must be greater than or equal to 0'
  const selector = labelsAt(spec, ['selector', 'matchLabels'])
  if (Object.keys(selector).length === 0) return 'spec.selector: Required value'
  const labels = labelsAt(spec, ['template', 'metadata', 'labels'])
  const fits = Object.entries(selector).every(([key, value]) => labels[key] === value)
  return fits ? null : 'spec.template.metadata.labels: `selector` does not match template `labels`'
}

function labelsAt(spec: unknown, path: readonly string[]): Readonly<Record<string, unknown>> {
  const found = path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), spec)
  return isFields(found) ? found : {}
}
