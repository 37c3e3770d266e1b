import {
  type At,
  type ConfigMap,
  type JsonPatch,
  type KubeObject,
  plural,
  toServerJson,
} from '@alt-las/kubernetes'
import type { ResetPatch } from '@alt-las/routers'
import { becomes, firedBy, is } from '../fencing/fence.ts'
import { hash } from '../model/hash.ts'
import { judgedTimeMs } from '../judging/judge-settings.ts'
import { manager, stateName } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { watchdogScript } from './watchdog-script.ts'

/** On all objects of a watchdog: its Deployment. */
export const watchdogLabel = 'alt-las.dev/guard'

/** Longer than the lease: a run that returns earlier has written nothing meanwhile, one that returns later is fenced. */
export const quietMs = 60_000

/** One watchdog for each run; short enough for the label that a Job puts onto its pods. */
export function watchdogName({ plan, fencingToken }: Pick<Rollout, 'plan' | 'fencingToken'>): string {
  const { deployment } = plan
  const short = deployment.length <= 32 ? deployment : `${deployment.slice(0, 19)}-${hash(deployment)}`
  return `alt-las-guard-${short}-${fencingToken}`
}

export interface Owner {
  readonly name: string
  readonly uid: string
}

/** Its patches: the owner of all other objects of the watchdog, so that its removal removes all. */
export function watchdogOrders(rollout: Rollout, retreats: readonly ResetPatch[], state: Owner): ConfigMap {
  const targets = merged(retreats)
  const patch = (operations: readonly JsonPatch[]) =>
    toServerJson([is(rollout.fencingToken), ...operations, becomes(firedBy(rollout.fencingToken))])
  const files = targets.map(({ operations, orElse }, index) => [
    [`patch-${index}.json`, patch(operations)],
    ...(orElse === undefined ? [] : [[`patch-${index}-else.json`, patch(orElse)]]),
  ])
  const lines = targets.map(
    ({ at }, index) =>
      `${resourceOf(at)} ${at.name ?? ''} ${(files[index] ?? []).map(([name]) => name).join(' ')}\n`,
  )
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(rollout, state),
    data: {
      'guard.sh': watchdogScript,
      targets: lines.join(''),
      ...(Object.fromEntries(files.flat()) as Record<string, string>),
    },
  }
}

/** The identity with exactly these permissions, and the Job, in the order of application. */
export function watchdogObjects(
  rollout: Rollout,
  retreats: readonly ResetPatch[],
  orders: Owner,
): readonly KubeObject[] {
  const metadata = metadataOf(rollout, orders)
  const { name } = metadata
  const rbac = 'rbac.authorization.k8s.io'
  const account: Body = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    automountServiceAccountToken: false,
  }
  const role: Body = { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: rulesOf(rollout, retreats) }
  const binding: Body = {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: rollout.plan.namespace }],
  }
  return [account, role, binding, jobOf(rollout, metadata)]
}

type Body = KubeObject & Readonly<Record<string, unknown>>

/** An object is patched once: a second patch would find the token of the first. */
function merged(retreats: readonly ResetPatch[]): readonly ResetPatch[] {
  const all = new Map<string, ResetPatch>()
  for (const { at, operations, orElse } of retreats) {
    const key = `${at.kind}/${at.name ?? ''}`
    const earlier = all.get(key)
    const both = [...(earlier?.operations ?? []), ...operations]
    const other = [...(earlier?.orElse ?? earlier?.operations ?? []), ...(orElse ?? operations)]
    const hasOther = earlier?.orElse !== undefined || orElse !== undefined
    all.set(key, { at, operations: both, ...(hasOther ? { orElse: other } : {}) })
  }
  return [...all.values()]
}

function metadataOf({ plan, fencingToken }: Rollout, owner: Owner) {
  return {
    name: watchdogName({ plan, fencingToken }),
    namespace: plan.namespace,
    labels: labelsOf(plan),
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.name, uid: owner.uid }],
  }
}

/** Own labels only: the user's Services and policies must not match its pod. */
const labelsOf = ({ deployment }: Plan) => ({
  'app.kubernetes.io/name': 'alt-las-guard',
  'app.kubernetes.io/managed-by': manager,
  [watchdogLabel]: deployment.slice(0, 63),
})

function rulesOf(rollout: Rollout, retreats: readonly ResetPatch[]) {
  const only = (apiVersion: string, kind: string, name: string, verbs: readonly string[]) => ({
    apiGroups: [groupOf(apiVersion)],
    resources: [plural(kind)],
    resourceNames: [name],
    verbs,
  })
  return [
    only('coordination.k8s.io/v1', 'Lease', stateName(rollout.plan.deployment), ['get']),
    only('v1', 'ConfigMap', watchdogName(rollout), ['get']),
    ...merged(retreats).map(({ at }) => only(at.apiVersion, at.kind, at.name ?? '', ['get', 'patch'])),
  ]
}

function jobOf(rollout: Rollout, metadata: KubeObject['metadata']): Body {
  const { plan } = rollout
  // It is removed with its run; the deadline covers an abandoned one.
  const { judging, readyTimeoutMs, rollbackWindowMs } = plan
  const lifeMs = judgedTimeMs(plan) + judging.bakeMs + rollbackWindowMs + 4 * readyTimeoutMs + 3_600_000
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      backoffLimit: 30,
      activeDeadlineSeconds: Math.ceil(lifeMs / 1000),
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: {
          labels: { ...metadata.labels, 'sidecar.istio.io/inject': 'false' },
          annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
        },
        spec: podOf(rollout),
      },
    },
  }
}

function podOf(rollout: Rollout) {
  const { plan, fencingToken } = rollout
  const value = (name: string, text: string) => ({ name, value: text })
  const gone = (key: string) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 10,
  })
  return {
    restartPolicy: 'OnFailure',
    serviceAccountName: watchdogName(rollout),
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    // On a lost node it is replaced in seconds, not in five minutes.
    tolerations: [gone('not-ready'), gone('unreachable')],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'guard',
        image: plan.watchdogImage,
        command: ['sh', '/guard/guard.sh'],
        env: [
          value('NAMESPACE', plan.namespace),
          value('NAME', watchdogName(rollout)),
          value('LEASE', stateName(plan.deployment)),
          value('QUIET', String(quietMs / 1000)),
          value('EPOCH', String(fencingToken)),
          value('FIRED', firedBy(fencingToken)),
          value('HOME', '/tmp'),
        ],
        readinessProbe: {
          exec: { command: ['sh', '-c', '[ -e /tmp/armed ]'] },
          periodSeconds: 1,
          failureThreshold: 1,
        },
        resources: {
          requests: { cpu: '10m', memory: '48Mi' },
          limits: { cpu: '200m', memory: '128Mi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'guard', mountPath: '/guard', readOnly: true },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'guard', configMap: { name: watchdogName(rollout) } },
      { name: 'tmp', emptyDir: { sizeLimit: '32Mi' } },
    ],
  }
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''

/** As kubectl wants it where two groups have a kind of the same name: `httproutes.v1.gateway.networking.k8s.io`. */
function resourceOf({ apiVersion, kind }: At): string {
  const [group, version] = apiVersion.split('/')
  return version === undefined ? plural(kind) : `${plural(kind)}.${version}.${group ?? ''}`
}
