import assert from 'node:assert/strict'
import { systemClock } from '@alt-las/time'
import { boards } from '../../../kubernetes/monitoring/dashboards/index.ts'
import { filled, panelsOf } from '../../../kubernetes/monitoring/panel-queries.ts'
import { until } from '../../../lab/base/until.ts'
import { openStores, received, type Stores } from '../monitoring/stores.ts'
import type { Stack } from '../stack.ts'
import { namespace } from './assertions.ts'
import type { Case } from './case.ts'

const variables = { namespace, service: 'segmentation-service', search: 'request' }

export const monitoring: Case = {
  name: 'monitoring',
  title:
    'every panel of every dashboard has data while users come; a service that is stopped is an alert at the receiver, and its end is said',
  minutes: 30,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const { code, output } = await stack.lab('monitoring')
    assert.equal(code, 0, output)
    await stack.lab('traffic', '5/s')
    const stores = await openStores(stack)
    try {
      await logsHaveTheLabelsOfMetrics(stores)
      await panelsHaveData(stores)
      await alertArrives(stack)
    } finally {
      stores.close()
      await stack.lab('traffic', 'off')
    }
  },
}

async function logsHaveTheLabelsOfMetrics(stores: Stores): Promise<void> {
  const labels = `namespace="${namespace}", service="${variables.service}", version="v1.0.0", pod=~".+"`
  const have = async () =>
    (await stores.ask('loki', `{${labels}}`, 10)) > 0 &&
    (await stores.ask('prometheus', `service:http_requests:rate1m{${labels}}`, 10)) > 0
  await until({ what: `logs and metrics with ${labels}`, seconds: 180 }, have, systemClock)
}

/** Grafana is not here: its queries are asked without it. */
async function panelsHaveData(stores: Stores): Promise<void> {
  const panels = boards.flatMap(panelsOf)
  let silent: readonly string[] = []
  const all = async () => {
    silent = []
    for (const { board, title, source, queries } of panels) {
      const answers = []
      for (const query of queries.filter(isForLokiOne))
        answers.push(await stores.ask(source, filled(query, variables), 10))
      if (answers.length > 0 && answers.every((series) => series === 0))
        silent = [...silent, `${board}: ${title}`]
    }
    return silent.length === 0
  }
  await until({ what: 'data in every panel', seconds: 240 }, all, systemClock).catch((error: unknown) => {
    throw new Error(`panels without data: ${silent.join(', ')}`, { cause: error })
  })
}

/** The lab's Loki has no parsers of lines; tests/manifests parses such queries. */
const isForLokiOne = (query: string): boolean => !query.includes('| json')

async function alertArrives(stack: Stack): Promise<void> {
  const service = 'ai-orchestrator'
  const before = received(stack).length
  const said = (status: string) => () =>
    received(stack)
      .slice(before)
      .some(({ to, message }) => to === '/on-call' && isAbout(message, `${status} ServiceDown ${service}`))
  const within = ['--namespace', namespace]
  // Its pods end, and no new one may begin.
  await stack.kubectl('create', 'quota', quota, '--hard=pods=0', ...within)
  try {
    await stack.kubectl('delete', 'pods', '--selector', `app.kubernetes.io/name=${service}`, ...within)
    await until(
      { what: 'the alert at the receiver', seconds: 240 },
      () => Promise.resolve(said('FIRING')()),
      systemClock,
    )
  } finally {
    await stack.kubectl('delete', 'quota', quota, ...within)
    await stack.kubectl('rollout', 'status', `deployment/${service}`, '--timeout=300s', ...within)
  }
  await until(
    { what: 'the end of the alert', seconds: 480 },
    () => Promise.resolve(said('RESOLVED')()),
    systemClock,
  )
}

const quota = 'nothing-starts'

const isAbout = (message: unknown, title: string): boolean => JSON.stringify(message).includes(title)
