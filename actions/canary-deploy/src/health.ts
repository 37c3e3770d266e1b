import type { Cluster, Deployment, Event, Pod, ReplicaSet } from '@alt-las/kubernetes'
import type { Health } from './sight.ts'

/** Interim: replaced by the package's own classification. */
export async function healthOf(
  deployment: Deployment,
  { pods }: { readonly newest: ReplicaSet | null; readonly pods: readonly Pod[] },
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Health> {
  void (null as Event | null)
  for (const pod of pods) {
    for (const status of pod.status?.containerStatuses ?? []) {
      const ended = status.lastState?.terminated ?? status.state?.terminated
      if (ended !== undefined && status.restartCount >= 1 && ended.exitCode !== 0) {
        const at = {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: pod.metadata.namespace ?? '',
          name: pod.metadata.name,
        }
        const log = await cluster
          .log(at, { container: status.name, previous: true, tailLines: 10 })
          .catch(() => '')
        return {
          kind: 'failed',
          because: `container ${status.name} is in a crash loop: exit code ${String(ended.exitCode)}, last log lines: ${log.trim()}`,
        }
      }
      const reason = status.state?.waiting?.reason ?? ''
      if (/ImagePull|InvalidImage|CreateContainerConfig/.test(reason))
        return { kind: 'failed', because: `${reason}: ${status.state?.waiting?.message ?? ''}` }
    }
  }
  return {
    kind: 'waiting',
    because: `${deployment.metadata.name}: ${String(pods.length)} pods are coming up`,
  }
}
