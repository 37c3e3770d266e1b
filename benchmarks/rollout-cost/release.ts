// What a release of many services costs: calls of each against those of one alone, memory, and lines of its log; and the way back of all.
import { silentLog } from '@alt-las/testing'
import { simulate } from '@alt-las/simulated-cluster'
import { canaryDeploy } from '../../actions/canary-deploy/src/canary-deploy.ts'
import type { CanaryOutcome } from '../../actions/canary-deploy/src/outcome.ts'
import { inputs } from '../../actions/canary-deploy/src/testing/inputs.ts'
import {
  type Target,
  imageOf,
  manifestsOf,
  releaseInputs,
} from '../../actions/canary-deploy/src/testing/several.ts'
import { v1, v2 } from '../../packages/rollout/testing/manifests.ts'
import { type Cost, counting } from './counting.ts'
import { portsFor } from './place.ts'

export interface ReleaseRow {
  readonly services: number
  readonly what: string
  readonly cost: Cost
  readonly seconds: number
  readonly lines: number
  readonly peakMiB: number
}

interface Size {
  readonly services: number
  readonly pods: number
  /** Share of failed requests of the last service's new version, 0..1. */
  readonly errors?: number
}

/** A release of so many independent services: `r1` is there, `r2` is counted, then the way back of all of them. */
export async function releaseRows({ services, pods, errors = 0 }: Size): Promise<readonly ReleaseRow[]> {
  const targets = Array.from({ length: services }, (_, index): Target => ({ name: `service-${index + 10}` }))
  const last = targets.at(-1)?.name ?? ''
  const simulation = simulate({
    objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
  })
  const readManifests = (paths: readonly string[]) =>
    Promise.resolve(paths.flatMap((name) => manifestsOf(name, pods)))
  const measured = async (
    what: string,
    work: (ports: ReturnType<typeof portsFor>) => Promise<CanaryOutcome>,
  ): Promise<ReleaseRow> => {
    const counted = counting(simulation.cluster)
    const log = silentLog()
    const ports = portsFor(simulation, [], {
      cluster: counted.cluster,
      errors: (image) => (image === imageOf(last, v2) ? errors : 0),
    })
    const begun = simulation.clock.elapsed()
    const memory = watchMemory()
    const outcome = await work({ ...ports, log, readManifests })
    const peakMiB = memory.stop()
    const seconds = (simulation.clock.elapsed() - begun) / 1000
    simulation.settle()
    if (outcome.targets.length !== services) throw new Error(outcome.because)
    return {
      services,
      what: `${what}: ${outcome.verdict ?? outcome.targets[0]?.verdict ?? ''}`,
      cost: counted.cost(),
      seconds,
      lines: log.lines.length,
      peakMiB,
    }
  }
  await measured('first installation', (ports) => canaryDeploy(releaseInputs(targets, 'r1', v1), ports))
  const release = await measured('release', (ports) => canaryDeploy(releaseInputs(targets, 'r2', v2), ports))
  if (errors > 0) return [release]
  const rollback = inputs({ operation: 'rollback', deployment: null, image: null, release: 'r2' })
  return [release, await measured('way back', (ports) => canaryDeploy(rollback, ports))]
}

/** The most memory that the process took, with the simulated API server in it. */
function watchMemory(): { readonly stop: () => number } {
  let peak = 0
  const look = () => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const timer = setInterval(look, 100)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return peak / 1024 ** 2
    },
  }
}
