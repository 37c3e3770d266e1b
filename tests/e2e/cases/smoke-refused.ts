import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Probe } from '../rollouts/probe.ts'
import { startAction } from '../rollouts/runner.ts'
import { podOf, written } from '../rollouts/target.ts'
import { underLoad } from '../rollouts/under-load.ts'
import {
  container,
  expectServing,
  expectVerdict,
  openWorld,
  released,
  type World,
} from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const namespace = 'smoke-refused'
/** Requests per second. */
const rate = 60
const quick = { 'rollback-window': '0s', bake: '5s', 'latency-margin': 'off', steps: '50%:5s' }

export const smokeRefused: Case = {
  name: 'smoke-refused',
  title:
    'a version that answers one API test wrongly is taken back before any user meets it, in every strategy',
  minutes: 10,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    const deployment = 'tested'
    const target = { namespace, deployment, host: `${deployment}.lab`, replicas: 2 }
    const world = await openWorld(stack, { ...target, inputs: quick })
    await underLoad(world, rate, async (probe) => {
      for (const strategy of ['canary', 'blue-green']) await refused(world, strategy, probe)
      expectVerdict(
        await world.run(world.new, { release: 'right', smoke: expecting(world.new) }).ended,
        'promoted',
      )
    })
    await expectServing(world, world.new)
    await rolled(stack)
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

/** Every answer that a user got meanwhile is one of the old version. */
async function refused(world: World, strategy: string, probe: Probe): Promise<void> {
  const begun = Date.now()
  const inputs = { release: `wrong in ${strategy}`, strategy, smoke: expecting(world.old) }
  const ended = await world.run(world.new, inputs).ended
  expectVerdict(ended, 'rolled-back')
  assert.match(ended.outputs['because'] ?? '', /1 of 2 API tests was refused .*version.*no user has met/)
  const by = probe.between(begun, Date.now())
  assert.deepEqual(Object.keys(by), [digestOf(world.old)], 'users met the refused version')
  const [target] = ended.document?.evidence.targets ?? []
  assert.deepEqual(
    target?.smoke?.checks.map(({ outcome }) => outcome),
    ['passed', 'refused'],
  )
  assert.deepEqual([...new Set(target.timeline.map(({ weightPercent }) => weightPercent))], [0])
  await expectServing(world, world.old)
}

/** A StatefulSet is tested at one more pod; the set itself and its Service never see it. */
async function rolled(stack: Stack): Promise<void> {
  const name = 'set'
  const labels = { 'app.kubernetes.io/name': name }
  const metadata = { name, namespace }
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }]
  const manifests = written([
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: 'None', selector: labels, ports } },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        serviceName: name,
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podOf({ name, container }) },
      },
    },
  ])
  const [old, fresh] = [await released(stack, '1.0.0'), await released(stack, '1.1.0')]
  const run = (image: string, release: string, smoke: string) =>
    startAction(stack, {
      ...{ namespace, deployment: name, strategy: 'rolling', service: name },
      ...{ image, release, smoke, manifests },
    }).ended
  expectVerdict(await run(old, 'r1', expecting(old)), 'promoted')
  const before = await stack.pods(name, namespace)
  expectVerdict(await run(fresh, 'r2', expecting(old)), 'rolled-back')
  assert.deepEqual(await stack.pods(name, namespace), before, 'a pod of the set was replaced')
  expectVerdict(await run(fresh, 'r3', expecting(fresh)), 'promoted')
  const left = await stack.kubectl('get', 'pods', '-n', namespace, '-l', 'alt-las.dev/smoke', '-o', 'name')
  assert.equal(left.trim(), '')
}

/** API tests that only this image passes. */
function expecting(image: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'smoke-')), 'smoke.yaml')
  const version = { path: '/version' }
  writeFileSync(
    file,
    JSON.stringify({
      tests: [
        { name: 'healthy', request: { path: '/healthz' } },
        { name: 'version', request: version, expect: { json: { '$.imageDigest': digestOf(image) } } },
      ],
    }),
  )
  return file
}

const digestOf = (image: string) => image.slice(image.indexOf('@') + 1)
