import assert from 'node:assert/strict'
import type { ActionName, OutcomeDocument } from '@alt-las/outcome'
import { systemClock } from '@alt-las/time'
import { until } from '../../../lab/base/until.ts'
import { deployed } from '../releases.ts'
import type { Run, Stack } from '../stack.ts'

export const namespace = 'atlas-production'
export const replicas = {
  'api-gateway': 3,
  'segmentation-service': 2,
  'ai-orchestrator': 2,
  'archive-service': 2,
} as const

/** Digest of every deployed service in the production that is running, all pods of a service being ready and agreeing. */
export async function runningDigests(stack: Stack): Promise<Readonly<Record<string, string>>> {
  const entries = await Promise.all(
    deployed.map(async (service) => {
      const pods = await stack.pods(service)
      assert.equal(pods.length, replicas[service], `${service} runs ${pods.length} pods`)
      assert.ok(
        pods.every((pod) => pod.ready),
        `${service}: not every pod is ready`,
      )
      const digests = new Set(pods.map((pod) => digestOf(pod.image)))
      assert.equal(digests.size, 1, `${service} runs several images: ${[...digests].join(', ')}`)
      for (const pod of pods)
        assert.ok(pod.imageId.includes(digestOf(pod.image)), `${pod.name} runs ${pod.imageId}`)
      return [service, [...digests][0] ?? ''] as const
    }),
  )
  return Object.fromEntries(entries)
}

export function digestOf(reference: string): string {
  return /sha256:[0-9a-f]{64}/.exec(reference)?.[0] ?? reference
}

/** Digests that a run pushed, by service. */
export function pushedDigests(run: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(
    deployed.map((service) => [service, document(run, service, 'push-image').subject.digest ?? '']),
  )
}

/** The document of a step, which must be there; the last one where a step ran twice. */
export function document<A extends ActionName>(run: Run, service: string, action: A): OutcomeDocument<A> {
  const found = findDocument(run, service, action)
  const kept = run.documents.map((one) => `${one.subject.service}/${one.action}`)
  assert.ok(found, `the run kept no document ${service}/${action}; it kept ${kept.join(', ')}`)
  return found
}

export function findDocument<A extends ActionName>(
  run: Run,
  service: string,
  action: A,
): OutcomeDocument<A> | null {
  const found = run.documents.findLast((one) => one.action === action && one.subject.service === service)
  return (found ?? null) as OutcomeDocument<A> | null
}

interface Route {
  readonly spec: {
    readonly rules: readonly {
      readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[]
    }[]
  }
}

/** No trace of a rollout is left: no canary objects, no pin on a Service, all weight on the service itself. */
export async function settled(stack: Stack, service: string): Promise<void> {
  const names = await stack.kubectl(
    'get',
    'deployments,services',
    '--namespace',
    namespace,
    '--output',
    'name',
  )
  assert.ok(!names.includes(`${service}-canary`), `${service}: canary objects are left`)
  const live = await stack.get<{ spec: { selector: Record<string, string> } }>(
    'service',
    service,
    '--namespace',
    namespace,
  )
  assert.equal(live.spec.selector['pod-template-hash'], undefined, `${service}: its Service is still pinned`)
  const route = await stack.get<Route>('httproute', service, '--namespace', namespace)
  for (const rule of route.spec.rules) {
    const others = (rule.backendRefs ?? []).filter(
      (backend) => backend.name !== service && (backend.weight ?? 1) > 0,
    )
    assert.deepEqual(others, [], `${service}: its route still sends traffic elsewhere`)
  }
}

interface Fingerprinted {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly generation?: number
    readonly deletionTimestamp?: string
  }
  readonly spec: { readonly replicas?: number }
  readonly status: { readonly replicas?: number }
}

/** Neither on its way out, nor with more or fewer pods than it should have. */
function isQuiet({ metadata, spec, status }: Fingerprinted): boolean {
  const complete = spec.replicas === undefined || (status.replicas ?? 0) === spec.replicas
  return complete && metadata.deletionTimestamp === undefined
}

/**
 * Generation of every Deployment and name of every pod: equal before and after means that nothing was touched. Pods that a release before
 * sent away are waited for, since they would go in between.
 */
export async function fingerprint(stack: Stack): Promise<readonly string[]> {
  let seen: readonly Fingerprinted[] = []
  const areQuiet = async (): Promise<boolean> => {
    const kinds = 'deployments,statefulsets,pods'
    const { items } = await stack.get<{ items: readonly Fingerprinted[] }>(kinds, '--namespace', namespace)
    seen = items
    return items.every(isQuiet)
  }
  await until({ what: 'the end of pods that go', seconds: 120 }, areQuiet, systemClock)
  return seen.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.generation ?? '-'}`).toSorted()
}
