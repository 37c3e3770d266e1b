import assert from 'node:assert/strict'
import { systemClock } from '@alt-las/time'
import { until } from '../../../lab/base/until.ts'
import type { Stack } from '../stack.ts'
import { ask } from './ask.ts'
import { namespace } from './assertions.ts'
import type { Case } from './case.ts'

export const databaseBackup: Case = {
  name: 'database-backup',
  title:
    'a backup is restored by the test and by hand, row by row; data outlive the pod of the database and what was written later is gone',
  minutes: 8,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const before = await store(stack, 'before the backup')
    assert.match(await job(stack, 'postgres-backup'), /^backup \w+: 1 tables, \d+ bytes; kept: \d+/m)
    assert.match(
      await job(stack, 'postgres-restore-test'),
      /restored, every table has its rows\npublic\.documents\|[1-9]/,
    )

    const after = await store(stack, 'after the backup')
    await archive(stack, 0)
    try {
      assert.match(await job(stack, 'postgres-restore'), /the database is restored, every table has its rows/)
    } finally {
      await archive(stack, 2)
    }
    await isReached(stack)
    assert.equal(await status(stack, before), 200)
    assert.equal(await status(stack, after), 404)

    await stack.kubectl('delete', 'pod', 'postgres-0', '--namespace', namespace)
    await rolledOut(stack, 'statefulset/postgres')
    await isReached(stack)
    assert.equal(await status(stack, before), 200)
  },
}

/** Runs the CronJob now; the log of its Job, which is removed again. */
async function job(stack: Stack, cron: string): Promise<string> {
  const name = `${cron}-now`
  const within = ['--namespace', namespace]
  await stack.kubectl('delete', 'job', name, '--ignore-not-found', ...within)
  await stack.kubectl('create', 'job', name, `--from=cronjob/${cron}`, ...within)
  await stack.kubectl('wait', '--for=condition=Complete', '--timeout=90s', `job/${name}`, ...within)
  const log = await stack.kubectl('logs', `job/${name}`, ...within)
  await stack.kubectl('delete', 'job', name, ...within)
  return log
}

async function archive(stack: Stack, replicas: number): Promise<void> {
  const within = ['--namespace', namespace]
  await stack.kubectl('scale', 'deployment/archive-service', `--replicas=${replicas}`, ...within)
  await rolledOut(stack, 'deployment/archive-service')
}

const rolledOut = (stack: Stack, workload: string): Promise<string> =>
  stack.kubectl('rollout', 'status', workload, '--timeout=120s', '--namespace', namespace)

/** The gateway hears of ready pods some moments after the Deployment has. */
async function isReached(stack: Stack): Promise<void> {
  const reached = async () => (await ask(stack, 'GET', '/api/archive/documents?limit=1')).status === 200
  await until({ what: 'an answer of the archive', seconds: 60 }, reached, systemClock)
}

async function store(stack: Stack, title: string): Promise<string> {
  const stored = await ask(stack, 'POST', '/api/archive/documents', { title, text: title })
  assert.equal(stored.status, 201)
  return (stored.body as { readonly id: string }).id
}

const status = async (stack: Stack, id: string): Promise<number> =>
  (await ask(stack, 'GET', `/api/archive/documents/${id}`)).status
