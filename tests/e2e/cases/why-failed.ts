import assert from 'node:assert/strict'
import type { Evidence } from '@alt-las/outcome'
import { manifests } from '../rollouts/target.ts'
import { together } from '../rollouts/together.ts'
import { underLoad } from '../rollouts/under-load.ts'
import { container, expectServing, openWorld, type World } from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

/** A version that does not come up. */
interface Broken {
  /** Of its target, and of the cause that it is to be given. */
  readonly cause: string
  readonly sentence: RegExp
  /** Added to its container. */
  readonly change: Readonly<Record<string, unknown>>
  /** How long the cause may last before it counts as the version's fault. */
  readonly graceMs: number
  readonly image?: string
  /** What its namespace allows: known before the first write, so nothing is begun. */
  readonly quota?: Readonly<Record<string, string>>
}

const runs = (script: string) => ({ args: ['-e', script] })
const missing = `ghcr.io/alt-las/segmentation-service@sha256:${'0'.repeat(64)}`
const { limits, requests } = { limits: { memory: '160Mi' }, requests: { cpu: '10m', memory: '48Mi' } }

const broken: readonly Broken[] = [
  { cause: 'image-pull', sentence: /cannot be pulled|not found/, change: {}, graceMs: 0, image: missing },
  {
    cause: 'crash-loop',
    sentence: /exit code 3.*the model is missing/s,
    change: runs("console.error('fatal: the model is missing'); process.exit(3)"),
    graceMs: 0,
  },
  {
    cause: 'out-of-memory',
    sentence: /memory/,
    change: runs('const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 20)'),
    graceMs: 0,
  },
  {
    cause: 'probe',
    sentence: /[Rr]eadiness probe/,
    change: {
      readinessProbe: { httpGet: { path: '/nowhere', port: 'http' }, periodSeconds: 1, failureThreshold: 5 },
    },
    graceMs: 60_000,
  },
  {
    cause: 'unschedulable',
    sentence: /cpu/i,
    change: { resources: { limits, requests: { ...requests, cpu: '64' } } },
    graceMs: 60_000,
  },
  {
    cause: 'quota',
    sentence: /ResourceQuota tight: pods has 0 of 2 left.*nothing was changed/s,
    change: {},
    graceMs: 0,
    quota: { pods: '2' },
  },
  {
    cause: 'config',
    sentence: /[Ss]ecret.*nobodys/,
    change: { envFrom: [{ secretRef: { name: 'nobodys' } }] },
    graceMs: 20_000,
  },
]

export const whyFailed: Case = {
  name: 'why-failed',
  title:
    'seven versions that do not come up go back with their cause, within seconds of its evidence, and no request meets them',
  minutes: 12,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    // One after the other: fourteen pods that start at once are a load of their own.
    const worlds: World[] = []
    for (const version of broken) worlds.push(await opened(stack, version))
    await together(broken.map((version, index) => goesBack(worlds[index] as World, version)))
  },
}

/** One namespace each: a quota is for all of it. */
async function opened(stack: Stack, { cause, quota }: Broken): Promise<World> {
  const world = await openWorld(stack, { ...targetOf(cause), inputs: { 'latency-margin': 'off' } })
  if (quota !== undefined) {
    const hard = Object.entries(quota).map(([name, value]) => `${name}=${value}`)
    await stack.kubectl('create', 'quota', 'tight', '--namespace', world.namespace, `--hard=${hard.join()}`)
  }
  return world
}

const targetOf = (cause: string) => ({
  namespace: `why-${cause}`,
  deployment: 'web',
  host: `why-${cause}.lab`,
  replicas: 2,
})

/** Requests per second to each target. */
const rate = 20

async function goesBack(world: World, version: Broken): Promise<void> {
  const { cause, sentence, change, graceMs, image } = version
  const files = manifests({ ...targetOf(cause), name: 'web', container: { ...container, ...change } })
  const inputs = { release: 'broken', manifests: files }
  const { outputs, document, log } = await underLoad(
    world,
    rate,
    () => world.run(image ?? world.new, inputs).ended,
  )
  if (version.quota !== undefined) {
    assert.equal(outputs['outcome'], 'failed', `${cause}: ${log.slice(-3000)}`)
    assert.match(outputs['because'] ?? '', sentence)
    await expectServing(world, world.old)
    await closed(world)
    return
  }
  assert.equal(outputs['verdict'], 'rolled-back', `${cause}: ${log.slice(-3000)}`)
  const { found, seconds } = seenIn(document?.evidence.targets?.[0])
  console.log(`${cause}: back ${seconds.toFixed(1)} s after its evidence: ${outputs['because'] ?? ''}`)
  assert.equal(found, cause)
  assert.match(outputs['because'] ?? '', sentence)
  assert.ok(seconds <= graceMs / 1000 + 5, `${cause}: it took ${seconds.toFixed(1)} s`)
  await expectServing(world, world.old)
  await closed(world)
}

/** What the document says of the cause, and how long after it the way back began; the API server's times are whole seconds. */
function seenIn(target: Evidence<'canary-deploy'>['targets'][number] | undefined) {
  const back = target?.timeline.find(({ phase }) => phase === 'revert')?.atMs ?? NaN
  return { found: target?.cause?.kind, seconds: (back - (target?.cause?.sinceMs ?? NaN)) / 1000 }
}

const closed = ({ stack, namespace }: World) =>
  stack.kubectl('delete', 'namespace', namespace, '--wait=false')
