import type { KubeObject, Pod } from '@alt-las/kubernetes'
import { fakeCluster, type FakeCluster } from '@alt-las/simulated-cluster'
import { probeLabel } from '../workloads.ts'
import type { Attempted, ProbeAnswer } from '../security/network/probe-script.ts'

export const open: ProbeAnswer = { result: 'open', detail: '10.0.0.9:80', tries: 1 }
export const silent: ProbeAnswer = { result: 'silent', detail: 'no answer within 2 s', tries: 2 }

/** A cluster whose kubelet runs every probe at once and answers for it. */
export function clusterWith(
  objects: readonly KubeObject[],
  answer: (one: Attempted, labels: Readonly<Record<string, string>>) => ProbeAnswer = (one) =>
    one.expect === 'open' ? open : silent,
): FakeCluster {
  const cluster = fakeCluster({ objects })
  // The deployer of a healthy system has no right beyond a release.
  const may: FakeCluster['may'] = (permissions) =>
    Promise.resolve(permissions.map((one) => ({ ...one, because: 'no rule grants it' })))
  cluster.hooks.afterCall = ({ verb, body }) => {
    const applied = body as Pod
    if (verb !== 'apply' || applied.metadata.labels?.[probeLabel] === undefined) return
    const { labels = {} } = applied.metadata
    const attempts = JSON.parse(applied.spec.containers[0]?.args?.[3] ?? '[]') as readonly Attempted[]
    const message = JSON.stringify(attempts.map((one) => answer(one, labels)))
    const terminated = { exitCode: 0, message }
    const status = { name: 'probe', ready: false, restartCount: 0, state: { terminated } }
    cluster.put({ ...applied, status: { phase: 'Succeeded', containerStatuses: [status] } } as Pod)
  }
  return { ...cluster, may }
}
