import type { ConfigMap, HorizontalPodAutoscaler, Job, KubeObject } from '@alt-las/kubernetes'
import type { Lane, Snapshot } from '@alt-las/simulated-cluster'
import { killPoints } from '@alt-las/model-checker'
import { expect, test } from '@jest/globals'
import { canaryDeploy } from '../../actions/canary-deploy/src/canary-deploy.ts'
import { v1, v2 } from '../../packages/rollout/testing/manifests.ts'
import { inputs } from '../../actions/canary-deploy/src/testing/inputs.ts'
import { filesOf, login, referring, settings } from '../../actions/canary-deploy/src/testing/repository.ts'
import { type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

const steps = { pauseAtPreview: false, steps: [{ weight: 50, holdMs: 5000 }] }
const migrate: Job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: {
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'm', image: 'ghcr.io/alt-las/web' }] } },
  },
}
const autoscaler: HorizontalPodAutoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 9,
  },
}

/** One deploy of the configuration `mode`. */
async function deploy(here: Scenario, mode: string, lane: Pick<Lane, 'cluster' | 'clock'>): Promise<void> {
  const files = filesOf({ spec: referring, objects: [settings({ MODE: mode }), login(mode), autoscaler] })
  const readManifests = (paths: readonly string[]) =>
    Promise.resolve<readonly KubeObject[]>(paths.includes('before') ? [migrate] : files)
  const wanted =
    mode === 'old' ? { image: v1, release: 'r1' } : { image: v2, release: 'r2', before: ['before'] }
  await canaryDeploy(inputs({ ...wanted, steps }), { ...here.runner(`run-${mode}/1/1`, lane), readManifests })
}

/** All that must be the same however often its runner was killed. */
function ending({ cluster, settle, violations }: Scenario): unknown {
  settle()
  const data = (kind: string) =>
    cluster.all<ConfigMap>(kind).filter(({ metadata }) => !metadata.name.startsWith('alt-las'))
  return {
    configs: [...data('ConfigMap'), ...data('Secret')].map((one) => [one.metadata.name, one.data]),
    workloads: cluster.all('Deployment').map((one) => [one.metadata.name, (one as Job).spec.template.spec]),
    bounds: cluster.all<HorizontalPodAutoscaler>('HorizontalPodAutoscaler').map(({ spec }) => spec),
    jobs: cluster.all('Job').length,
    violations,
  }
}

test('configuration, Job and autoscaler end the same wherever the runner is killed', async () => {
  const first = scenario({})
  await deploy(first, 'old', first)
  first.settle()
  const opening: Snapshot = first.snapshot()
  const here = scenario({}, opening)
  const { points } = await killPoints(here, (lane) => deploy(here, 'new', lane))
  const calm = ending(here)
  expect(calm).toMatchObject({ jobs: 0, violations: [] })
  for (const { at, when, snapshot } of points.filter((_, index) => index % 29 === 3)) {
    const again = scenario({}, snapshot)
    await deploy(again, 'new', again)
    expect({ at, when, ended: ending(again) }).toEqual({ at, when, ended: calm })
  }
}, 120_000)
