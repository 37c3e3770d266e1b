import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { systemClock } from '@alt-las/time'
import { until } from '../../../lab/base/until.ts'
import type { Manifest } from '../environment/copy.ts'
import { openEnvironment, usersOf, type Environment } from '../environment/environment.ts'
import { twin } from '../defects/twin.ts'
import { startAction } from '../rollouts/runner.ts'
import { written } from '../rollouts/target.ts'
import { expectVerdict } from '../rollouts/world.ts'
import type { Case } from './case.ts'

const place = { namespace: 'atlas-scaled', host: 'scaled.alt-las.lab' }
const service = 'api-gateway'
/** A node of two cores has not the load for half a core in each of three pods. */
const target = '25m'
const users = [
  { method: 'POST', path: '/api/segmentation/segments', body: { text: 'First. Second? Third!' } },
  { method: 'GET', path: '/openapi.json' },
] as const

export const autoscaling: Case = {
  name: 'autoscaling',
  title:
    'an autoscaler of kubernetes/autoscaling adds pods under load and takes them away after it; a canary in between holds it, loses no request, and gives it back',
  minutes: 20,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const { code, output } = await stack.lab('metrics-server')
    assert.equal(code, 0, output)
    const environment = await openEnvironment(stack, place)
    try {
      await story(environment)
    } finally {
      await environment.close()
    }
  },
}

interface Autoscaler extends Manifest {
  readonly spec: { readonly minReplicas: number; readonly maxReplicas: number }
  readonly status?: { readonly currentReplicas?: number; readonly currentMetrics?: readonly object[] }
}

async function story(environment: Environment): Promise<void> {
  const autoscaler = autoscalerFor(environment)
  const { minReplicas: least, maxReplicas: most } = autoscaler.spec
  await release(environment, environment.images[service] ?? '', 'v1', autoscaler)
  await sized(environment, 'the least pods', ({ replicas, reads }) => reads && replicas === least)

  const load = usersOf(environment, 80, users)
  const grown = await sized(environment, 'more pods under load', ({ replicas }) => replicas > least)
  const watch = watchSizes(environment)
  await release(
    environment,
    await twin(environment.stack, environment.images[service] ?? '', { label: 'scaled' }),
    'v2',
    autoscaler,
  )
  const seen = await watch.stop()
  const after = await sized(
    environment,
    'the autoscaler as it was',
    ({ min, max }) => min === least && max === most,
  )
  const { sent, failed, reasons, told } = await load.stop()
  console.log(`${sent} requests, ${failed} failed ${JSON.stringify(reasons)} ${told.join('; ')}`)
  console.log(
    `${least} pods before the load, ${grown} under it, ${after} after the canary; seen: ${seen.join(', ')}`,
  )
  assert.equal(failed, 0)
  assert.ok(
    seen.some((one) => /^held at (\d+) /.test(one)),
    'the autoscaler was not held',
  )
  // Of the stable version, pods are taken away only for the canary's: never below what the autoscaler wants at least.
  for (const one of seen) assert.ok(Number(/with (\d+)/.exec(one)?.[1]) >= least, one)

  await sized(environment, 'the least pods again', ({ replicas }) => replicas === least)
}

/** The file of the repository, with a target that the lab's load reaches, and without its five minutes of patience. */
function autoscalerFor({ namespace }: Environment): Autoscaler {
  const file = join(import.meta.dirname, `../../../kubernetes/autoscaling/${service}.yaml`)
  const text = readFileSync(file, 'utf8')
  assert.match(text, /averageValue: 500m/)
  assert.match(text, /stabilizationWindowSeconds: 300/)
  return parse(
    text
      .replace('averageValue: 500m', `averageValue: ${target}`)
      .replace('stabilizationWindowSeconds: 300', 'stabilizationWindowSeconds: 15')
      .replaceAll('atlas-production', namespace),
  ) as Autoscaler
}

async function release(
  environment: Environment,
  image: string,
  name: string,
  autoscaler: Autoscaler,
): Promise<void> {
  const { namespace, deployer, objects, stack } = environment
  // Without a number of pods, which is the autoscaler's.
  const own = objects.filter(({ metadata }) => metadata.name === service).map(withoutReplicas)
  const run = startAction(stack, {
    namespace,
    deployment: service,
    kubeconfig: deployer,
    'metrics-url': `service://${namespace}/prometheus:9090`,
    image,
    release: name,
    manifests: written([...own, autoscaler]),
    steps: '50%:20s',
    'on-undecided': 'promote',
    bake: '5s',
    'rollback-window': '0s',
    'latency-margin': 'off',
  })
  expectVerdict(await run.ended, 'promoted')
}

function withoutReplicas(object: Manifest): Manifest {
  if (object.kind !== 'Deployment') return object
  const { replicas, ...spec } = object['spec'] as { readonly replicas?: number }
  assert.ok(replicas !== undefined)
  return { ...object, spec }
}

interface Size {
  readonly min: number
  readonly max: number
  readonly replicas: number
  /** Whether it has a metric. */
  readonly reads: boolean
}

async function sizeOf({ stack, namespace }: Environment): Promise<Size> {
  const of = ['--namespace', namespace]
  const { spec, status } = await stack.get<Autoscaler>('horizontalpodautoscaler', service, ...of)
  const live = await stack.get<{ readonly spec: { readonly replicas: number } }>('deployment', service, ...of)
  return {
    min: spec.minReplicas,
    max: spec.maxReplicas,
    replicas: live.spec.replicas,
    reads: (status?.currentMetrics ?? []).length > 0,
  }
}

/** Resolves to the number of pods once it is so. */
async function sized(environment: Environment, what: string, isSo: (size: Size) => boolean): Promise<number> {
  let size: Size | null = null
  const seen = async () => {
    size = await sizeOf(environment)
    return isSo(size)
  }
  await until({ what, seconds: 180 }, seen, systemClock).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(size)}`)
  })
  const { replicas } = await sizeOf(environment)
  console.log(`${what}: ${replicas}`)
  return replicas
}

/** Each state that is seen until it is stopped, once. */
function watchSizes(environment: Environment) {
  const seen = new Set<string>()
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const { min, max, replicas } = await sizeOf(environment)
      seen.add(`${min === max ? `held at ${min}` : `from ${min} to ${max}`} with ${replicas}`)
      await systemClock.sleep(500)
    }
  })()
  return {
    stop: async (): Promise<readonly string[]> => {
      isOver = true
      await watching
      return [...seen]
    },
  }
}
