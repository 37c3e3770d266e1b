import type { Cluster, Deployment, DryRun, KubeObject } from '@alt-las/kubernetes'
import { silentLog } from '@alt-las/testing'
import type { Simulation } from '@alt-las/simulated-cluster'
import type { Ports } from '../../actions/canary-deploy/src/ports.ts'
import { manifests } from '../../packages/rollout/testing/manifests.ts'

/** The usual manifests with so many pods. */
export function sizedManifests(pods: number): readonly KubeObject[] {
  return manifests().map((one) => (one.kind === 'Deployment' ? sized(one as Deployment, pods) : one))
}

const sized = (deployment: Deployment, replicas: number): Deployment => ({
  ...deployment,
  spec: { ...deployment.spec, replicas },
})

/** 500 requests per block in all; by default without errors. `errors`: the share of failed requests of an image, 0..1. */
export function portsFor(
  { clock }: Simulation,
  objects: readonly KubeObject[],
  { cluster, errors = () => 0 }: Metered,
): Ports {
  return {
    cluster,
    clock,
    log: silentLog(),
    interrupted: new AbortController().signal,
    holder: 'benchmark/1/1',
    refName: 'v1.0.0',
    readManifests: () => Promise.resolve(objects),
    scrapes: {
      history: () => Promise.resolve({ blocks: [], counted: 'gateway' }),
      next: async ({ image }, from, { weight }) => {
        await clock.sleep(5000)
        if (from === null) return { kind: 'start', readTo: clock.now() }
        const share = (weight ?? 0) / 100
        const requests = Math.round(500 * share)
        const canary = { requests, errors: Math.round(requests * errors(image)) }
        const stable = { requests: 500 - canary.requests, errors: 0 }
        return { kind: 'block', block: { from, to: clock.now(), canary, stable, weight: share } }
      },
    },
  }
}

interface Metered {
  readonly cluster: Cluster & DryRun
  readonly errors?: (image: string) => number
}
