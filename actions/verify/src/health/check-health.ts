import type { Cluster, Workload } from '@alt-las/kubernetes'
import { lookAt, type Standing } from '@alt-las/workload-health'
import { formatDuration, type Clock } from '@alt-las/time'
import { no, yes, type Check, type Finding, type RunCheck } from '../check.ts'
import { judgeImage, type ImageNames } from './images.ts'
import type { Released } from './released.ts'
import { findWorkloads, livePods, type Selection } from '../workloads.ts'

export interface HealthPorts {
  readonly cluster: Cluster
  readonly registry: ImageNames
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly run: RunCheck
}

export interface HealthPlan extends Selection {
  readonly images: readonly Released[]
  readonly readyTimeout: number
}

/** Every workload is ready, and each of its pods runs what was released. */
export async function checkHealth(plan: HealthPlan, ports: HealthPorts): Promise<readonly Check[]> {
  const workloads = await findWorkloads(plan, ports.cluster)
  const ready = await Promise.all(
    workloads.map((workload) =>
      ports.run('health', `${workload.kind} ${workload.metadata.name}`, () =>
        becomeReady(workload, plan, ports),
      ),
    ),
  )
  const running = async () =>
    Promise.all(
      workloads.map(async (workload) => ({ workload, pods: await livePods(workload, ports.cluster) })),
    )
  const images = plan.images.map((released) =>
    ports.run('health', `image of ${released.workload ?? released.repository}`, async () =>
      judgeImage(released, await running(), ports),
    ),
  )
  return [...ready, ...(await Promise.all(images))]
}

/** Waits while it can still become ready; what has failed is told at once. */
async function becomeReady(workload: Workload, plan: HealthPlan, ports: HealthPorts): Promise<Finding> {
  const { clock, interrupted } = ports
  const begun = clock.elapsed()
  for (;;) {
    const stand = await look(workload, ports)
    if (stand === null) return no('it is gone')
    if (stand.kind === 'ready') return yes(stand.because)
    if (stand.kind === 'failed') return no(stand.because)
    if (clock.elapsed() - begun >= plan.readyTimeout)
      return no(`not ready after ${formatDuration(plan.readyTimeout)}: ${stand.because}`)
    await clock.sleep(1000, interrupted)
  }
}

async function look(workload: Workload, { cluster, clock }: HealthPorts): Promise<Standing | null> {
  const { apiVersion, kind, metadata } = workload
  const { name, namespace } = metadata
  const at = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
  const current = await cluster.get<Workload>(at)
  return current === null ? null : lookAt(current, clock.now(), cluster)
}
