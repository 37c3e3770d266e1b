import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { admitTenant, type Tenant } from '../hostile/tenant.ts'
import { startAction, type Ended } from '../rollouts/runner.ts'
import { expectServing, expectVerdict, openWorld, type World } from '../rollouts/world.ts'
import type { Case } from './case.ts'

const [namespace, deployment] = ['hostile-tenant', 'target']
const state = `alt-las-rollout-${deployment}`
const sentence =
  /^not rolled back: target: the state in ConfigMap alt-las-rollout-target is not signed with the key in Secret alt-las-rollout-key/

export const hostileTenant: Case = {
  name: 'hostile-tenant',
  title:
    'a tenant who may only write ConfigMaps plants a privileged pod in the state: rollback writes nothing and names the ConfigMap; with the real state it goes back',
  minutes: 6,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    const inputs = { 'rollback-window': '0s', bake: '0s', 'latency-margin': 'off', strategy: 'rolling' }
    const place = { namespace, deployment, host: `${namespace}.lab`, replicas: 1 }
    const world = await openWorld(stack, { ...place, inputs })
    expectVerdict(await world.run(world.new, { release: 'r2' }).ended, 'promoted')
    const tenant = await admitTenant(stack, namespace)
    await mayOnlyWriteConfigMaps(tenant)

    const own = await recorded(tenant)
    const before = await specOf(world)
    for (const forged of [data(own, privileged), { ...data(own, privileged), signature: 'AAAA' }]) {
      await plant(tenant, forged)
      const { code, outputs } = await rollback(world)
      console.log(`rollback: ${outputs['because'] ?? ''}`)
      assert.equal(code, 1)
      assert.match(outputs['because'] ?? '', sentence)
      assert.deepEqual(await specOf(world), before)
      await expectServing(world, world.new)
    }

    await plant(tenant, own)
    expectVerdict(await rollback(world), 'rolled-back')
    await expectServing(world, world.old)
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

type Data = Readonly<Record<string, string>>

async function mayOnlyWriteConfigMaps(tenant: Tenant): Promise<void> {
  const forbidden = [
    ['get', 'secret', 'alt-las-rollout-key'],
    ['create', 'deployment', 'x', '--image=x'],
    ['get', 'configmaps', '--namespace', 'atlas-production'],
  ]
  for (const args of forbidden) await assert.rejects(tenant.kubectl(...args), /forbidden/i)
}

async function recorded(tenant: Tenant): Promise<Data> {
  const found = JSON.parse(await tenant.kubectl('get', 'configmap', state, '--output', 'json')) as {
    readonly data: Data
  }
  return found.data
}

/** The state with another workload for each release; the signature stays as it was. */
function data(own: Data, change: (workload: Workload) => Workload): Data {
  const rollout = JSON.parse(own['rollout.json'] ?? '') as Recorded
  const list = rollout.releases.list.map((one) => ({ ...one, desired: change(one.desired) }))
  return { ...own, 'rollout.json': JSON.stringify({ ...rollout, releases: { ...rollout.releases, list } }) }
}

interface Workload {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly object[] } } }
}

interface Recorded {
  readonly releases: { readonly list: readonly { readonly desired: Workload }[] }
}

function privileged(workload: Workload): Workload {
  const { template } = workload.spec
  const containers = template.spec.containers.map((one) => ({
    ...one,
    securityContext: { privileged: true },
  }))
  const spec = { ...template.spec, containers, hostPID: true, serviceAccountName: 'tenant' }
  return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } }
}

async function plant(tenant: Tenant, content: Data): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'planted-')), 'patch.json')
  writeFileSync(file, JSON.stringify({ data: content }))
  await tenant.kubectl('patch', 'configmap', state, '--type', 'merge', '--patch-file', file)
}

/** Of the whole namespace, as `rollback.yaml` does it. */
const rollback = ({ stack }: World): Promise<Ended> =>
  startAction(stack, { namespace, operation: 'rollback' }).ended

const specOf = async ({ stack }: World): Promise<object> => {
  const { spec } = await stack.get<{ spec: object }>('deployment', deployment, '--namespace', namespace)
  return spec
}
