import type { Cluster, Workload } from '@alt-las/kubernetes'
import { observeReadiness, type Readiness } from '@alt-las/workload-health'
import { formatDuration, type Clock } from '@alt-las/time'
import { no, shared, yes, type Check, type CheckRunner, type CheckFinding } from '../check.ts'
import { findWorkloads, livePods, type Selection } from '../workloads.ts'
import { judgeImage, type ImageNames } from './images.ts'
import { judgeServices, matchServices } from './match-services.ts'
import type { Released } from './released.ts'

export interface HealthPlan {
  readonly selection: Selection
  readonly images: readonly Released[]
  readonly readyTimeoutMs: number
}

export interface HealthPorts {
  readonly cluster: () => Cluster
  readonly registry: ImageNames
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly checks: CheckRunner
}

interface Wait {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly interrupted: AbortSignal
}

/** Every workload is ready, and each of its pods runs the released image. */
export async function checkHealth(plan: HealthPlan, ports: HealthPorts): Promise<readonly Check[]> {
  const { checks, registry } = ports
  const found = await checks.need('health', 'workloads', async () => {
    const cluster = ports.cluster()
    return { cluster, workloads: await findWorkloads(plan.selection, cluster) }
  })
  if (found.kind === 'failed') return [found.check]
  const { cluster, workloads } = found.value
  const ready = await Promise.all(
    workloads.map((workload) =>
      checks.run('health', `${workload.kind} ${workload.metadata.name}`, () =>
        becomeReady(workload, plan.readyTimeoutMs, { ...ports, cluster }),
      ),
    ),
  )
  const running = shared(() =>
    Promise.all(workloads.map(async (workload) => ({ workload, pods: await livePods(workload, cluster) }))),
  )
  const matched = matchServices(plan.images, workloads)
  const services = plan.images.some(({ service }) => service !== null)
    ? [await checks.run('health', 'released services', () => judgeServices(matched))]
    : []
  const images = matched.here.map((released) =>
    checks.run('health', `image of ${released.workload ?? released.repository}`, async () =>
      judgeImage(released, await running(), { registry }),
    ),
  )
  return [...ready, ...services, ...(await Promise.all(images))]
}

/** Waits while the workload can still become ready. A workload that has failed ends the wait at once. */
async function becomeReady(workload: Workload, timeoutMs: number, wait: Wait): Promise<CheckFinding> {
  const { clock, interrupted } = wait
  const begun = clock.elapsed()
  for (;;) {
    const standing = await look(workload, wait)
    if (standing === null) return no('it is gone')
    if (standing.kind === 'ready') return yes(standing.because)
    if (standing.kind === 'failed') return no(standing.because)
    if (clock.elapsed() - begun >= timeoutMs)
      return no(`not ready after ${formatDuration(timeoutMs)}: ${standing.because}`)
    await clock.sleep(1000, interrupted)
  }
}

async function look(workload: Workload, { cluster, clock }: Wait): Promise<Readiness | null> {
  const { apiVersion, kind, metadata } = workload
  const { name, namespace } = metadata
  const at = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
  const current = await cluster.get<Workload>(at)
  return current === null ? null : observeReadiness(current, clock.now(), cluster)
}
