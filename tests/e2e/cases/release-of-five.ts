import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { image } from '../judged/platform.ts'
import { firstAnswer, startProbe, type Probe } from '../rollouts/probe.ts'
import { startAction, type Started } from '../rollouts/runner.ts'
import { handOver, manifests, written } from '../rollouts/target.ts'
import { seconds } from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const namespace = 'release-of-five'
/** Requests per second to each service. */
const rate = 40
const wayBackMs = 60_000

/** In the order of their needs: the fourth is refused when the three before it have all traffic, and the fifth is not begun. */
const needs: Readonly<Record<string, readonly string[]>> = {
  store: [],
  users: [],
  orders: ['store'],
  gateway: ['orders', 'users'],
  mail: ['gateway'],
}
const names = Object.keys(needs)

export const releaseOfFive: Case = {
  name: 'release-of-five',
  title:
    'five services as one release, the fourth refused: all back within a minute, verified, no request lost',
  minutes: 15,
  run: async ({ stack }) => {
    await handOver(stack, namespace)
    const digest = await image(stack)
    const first = await startRelease(stack, digest, 'v1', {}).ended
    assert.equal(first.outputs['verdict'], 'promoted', first.log.slice(-4000))
    await Promise.all(names.map((name) => firstAnswer({ ...usersOf(name), rate: 1 })))
    const probes = names.map((name) => startProbe({ ...usersOf(name), rate, fresh: 0.2 }))
    try {
      // The judge looks back at them.
      await seconds(45)
      await refused(stack, digest)
      await verified(stack, probes)
    } finally {
      await Promise.all(probes.map((probe) => probe.stop()))
    }
    expectNoneLost(probes)
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

async function refused(stack: Stack, digest: string): Promise<void> {
  const started = startRelease(stack, digest, 'v2', { gateway: { ERRORS: '0.5' } })
  await started.said(/gateway .*→ revert/)
  const from = Date.now()
  const { code, outputs, log } = await started.ended
  const tookMs = Date.now() - from
  console.log(`${outputs['because'] ?? ''}\nthe way back of all took ${Math.round(tookMs / 1000)} s`)
  assert.equal(code, 1)
  assert.equal(outputs['verdict'], 'rolled-back', log.slice(-6000))
  const state = JSON.parse(outputs['state'] ?? '[]') as readonly { deployment: string; verdict: string }[]
  assert.deepEqual(
    Object.fromEntries(state.map(({ deployment, verdict }) => [deployment, verdict])),
    Object.fromEntries(names.map((name) => [name, name === 'mail' ? 'unchanged' : 'rolled-back'])),
  )
  assert.ok(tookMs <= wayBackMs, `the way back took ${tookMs} ms, expected at most ${wayBackMs}`)
}

/** Nothing of the release is left, and every answer is one of the old version. */
async function verified(stack: Stack, probes: readonly Probe[]): Promise<void> {
  const from = Date.now()
  await seconds(5)
  for (const [index, probe] of probes.entries())
    assert.deepEqual(Object.keys(probe.between(from, Date.now())), ['v1'], names[index])
  const left = await stack.kubectl('get', 'deployments,services', '-n', namespace, '-o', 'name')
  const wanted = names.flatMap((name) => [`deployment.apps/${name}`, `service/${name}`])
  assert.deepEqual(left.trim().split('\n').toSorted(), wanted.toSorted())
}

/** The refused version answers its own share with 500; nothing else fails anywhere. */
function expectNoneLost(probes: readonly Probe[]): void {
  for (const [index, { sent, reasons }] of probes.entries()) {
    const name = names[index] ?? ''
    console.log(`${name}: ${sent()} requests, failed: ${JSON.stringify(reasons)}`)
    const lost = Object.keys(reasons).filter((reason) => name !== 'gateway' || reason !== '500')
    assert.deepEqual(lost, [], `${name}: requests were lost`)
  }
}

type Environment = Readonly<Record<string, string>>

/** One run for all five. `differs`: what is otherwise in the version of a service. */
function startRelease(
  stack: Stack,
  digest: string,
  tag: string,
  differs: Readonly<Record<string, Environment>>,
): Started {
  const targets = names.map((name) => ({
    deployment: name,
    image: digest,
    manifests: filesOf(name, { VERSION: tag, ...differs[name] }),
    needs: needs[name] ?? [],
  }))
  return startAction(stack, {
    namespace,
    release: tag,
    targets: JSON.stringify(targets),
    steps: '50%:5s',
    bake: '5s',
    'rollback-window': '5s',
    'latency-margin': 'off',
    'metrics-url': 'service://atlas-production/prometheus:9090',
  })
}

const usersOf = (name: string) => ({ address: '10.96.0.80', host: `${name}.five.lab`, path: '/' })

function filesOf(name: string, environment: Environment): string {
  const program = readFileSync(join(import.meta.dirname, '../judged/server.ts'), 'utf8')
  const env = Object.entries(environment).map(([key, value]) => ({ name: key, value }))
  const volumes = [{ name: 'program', configMap: { name: 'program' } }]
  const volumeMounts = [{ name: 'program', mountPath: '/app', readOnly: true }]
  const container = {
    image: 'gcr.io/distroless/nodejs24-debian12',
    args: ['/app/server.ts'],
    env,
    volumeMounts,
  }
  const shared = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'program', namespace },
    data: { 'server.ts': program },
  }
  const own = manifests({
    namespace,
    name,
    host: `${name}.five.lab`,
    replicas: 2,
    container,
    pod: { volumes },
  })
  return `${own}\n${written([shared])}`
}
