import assert from 'node:assert/strict'
import { rowsOf, store, type Rows } from '../environment/database.ts'
import { openEnvironment, usersOf, type Environment } from '../environment/environment.ts'
import { twin } from '../defects/twin.ts'
import { startAction } from '../rollouts/runner.ts'
import { written } from '../rollouts/target.ts'
import { expectVerdict } from '../rollouts/world.ts'
import type { Case } from './case.ts'

const service = 'archive-service'
const place = { namespace: 'atlas-data', host: 'data.alt-las.lab' }

export const dataKept: Case = {
  name: 'data-kept',
  title:
    'the rows of the database are the same after three releases, a rollback, the loss of its pod and a restart of the node, and those of a backup after its restore',
  minutes: 20,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const environment = await openEnvironment(stack, place)
    // Readers, so that the releases are judged.
    const users = usersOf(environment, 60, [{ method: 'GET', path: '/api/archive/documents?limit=1' }])
    try {
      await story(environment)
    } finally {
      await users.stop()
      await environment.close()
    }
  },
}

async function story(environment: Environment): Promise<void> {
  const { kubectl, stack } = environment
  const first = environment.images[service] ?? ''
  const images = [
    first,
    await twin(stack, first, { label: 'second' }),
    await twin(stack, first, { label: 'third' }),
  ]
  let rows: Rows = { count: 0, digest: '-' }
  for (const [index, image] of images.entries()) {
    await store(environment, `before release ${index + 1}`, 5)
    rows = await rowsOf(environment)
    await release(environment, { image, release: `v${index + 1}` })
    await same(environment, rows, `release v${index + 1}`)
  }
  assert.equal(rows.count, 15)
  await rollback(environment, 'v3')
  await same(environment, rows, 'the rollback of v3')

  await upgrade(environment)
  await same(environment, rows, 'another image of its major version')

  await kubectl('delete', 'pod', 'postgres-0')
  await environment.settled()
  await same(environment, rows, 'the loss of its pod')

  const backup = await job(environment, 'postgres-backup')
  assert.match(backup, /^backup \w+: 1 tables/m)
  const { code, output } = await stack.lab('restart-node')
  console.log(output.trim())
  assert.equal(code, 0, output)
  await environment.settled()
  await same(environment, rows, 'the restart of the node')

  await store(environment, 'after the backup', 5)
  assert.equal((await rowsOf(environment)).count, 20)
  await kubectl('scale', `deployment/${service}`, '--replicas=0')
  await kubectl('rollout', 'status', `deployment/${service}`, '--timeout=120s')
  assert.match(
    await job(environment, 'postgres-restore'),
    /the database is restored, every table has its rows/,
  )
  await kubectl('scale', `deployment/${service}`, '--replicas=1')
  await environment.settled()
  await same(environment, rows, 'the restore of the backup')
}

/** The same rows, and the archive serves again. */
async function same(environment: Environment, before: Rows, after: string): Promise<void> {
  assert.deepEqual(await rowsOf(environment), before, `after ${after}`)
  console.log(`after ${after}: ${before.count} rows, the same`)
}

const inputs = ({ namespace, deployer }: Environment) => ({
  namespace,
  deployment: service,
  kubeconfig: deployer,
  'metrics-url': `service://${namespace}/prometheus:9090`,
})

async function release(
  environment: Environment,
  { image, release }: { readonly image: string; readonly release: string },
): Promise<void> {
  const own = environment.objects.filter(({ metadata }) => metadata.name === service)
  const run = startAction(environment.stack, {
    ...inputs(environment),
    image,
    release,
    manifests: written(own),
    // What the new version answers is of no interest here: it is the rows that are looked at.
    steps: '50%:10s',
    'on-undecided': 'promote',
    bake: '5s',
    'rollback-window': '0s',
    'latency-margin': 'off',
  })
  expectVerdict(await run.ended, 'promoted')
}

async function rollback(environment: Environment, release: string): Promise<void> {
  const run = startAction(environment.stack, { ...inputs(environment), operation: 'rollback', release })
  expectVerdict(await run.ended, 'rolled-back')
}

/** As a minor upgrade: another image under the same tag, the same data and the same settings. */
async function upgrade({ stack, kubectl }: Environment): Promise<void> {
  const settings = () =>
    kubectl('exec', 'postgres-0', '--', 'psql', '--username=atlas', '--dbname=atlas', '--command', changed)
  const before = await settings()
  const digest = await stack.registry.digest('library/postgres', '15-bookworm')
  const image = await twin(stack, `docker.io/library/postgres@${digest}`, { label: 'minor' })
  await kubectl('set', 'image', 'statefulset/postgres', `postgres=${image}`)
  await kubectl('rollout', 'status', 'statefulset/postgres', '--timeout=180s')
  const running = await kubectl(
    'get',
    'pod',
    'postgres-0',
    '--output',
    'jsonpath={.spec.containers[0].image}',
  )
  assert.equal(running, image)
  assert.equal(await settings(), before)
}

const changed = "select name, setting from pg_settings where source = 'command line' order by name"

/** Runs the CronJob now; the log of its Job, which is removed again. */
async function job({ kubectl }: Environment, cron: string): Promise<string> {
  const name = `${cron}-now`
  await kubectl('create', 'job', name, `--from=cronjob/${cron}`)
  await kubectl('wait', '--for=condition=Complete', '--timeout=120s', `job/${name}`)
  // A pod before it may have met a name server that was busy.
  const done = ['--selector', `job-name=${name}`, '--field-selector', 'status.phase=Succeeded']
  const pod = await kubectl('get', 'pods', ...done, '--output', 'name')
  const log = await kubectl('logs', pod.trim())
  await kubectl('delete', 'job', name)
  return log
}
