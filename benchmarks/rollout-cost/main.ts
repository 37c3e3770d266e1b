// What a canary rollout costs the API server: calls, bytes and the size of the saved state, for 10 and for 1000 pods, kept up to date by
// watches and, side by side, by asking once a second; and a release of 50 services in one run. Simulated server and clock: the figures are the same on every machine.
import { Failure } from '@alt-las/failure'
import type { Cluster, ConfigMap, DryRun } from '@alt-las/kubernetes'
import { type Simulation, simulate } from '@alt-las/simulated-cluster'
import { canaryDeploy } from '../../actions/canary-deploy/src/canary-deploy.ts'
import { v1, v2 } from '../../packages/rollout/testing/manifests.ts'
import { type Cost, counting } from './counting.ts'
import { portsFor, sizedManifests } from './place.ts'
import { releaseRows } from './release.ts'
import { inputs } from '../../actions/canary-deploy/src/testing/inputs.ts'

interface Row {
  readonly pods: number
  readonly how: 'watched' | 'asked once a second'
  readonly cost: Cost
  readonly seconds: number
  readonly stateKiB: number
}

// First: what the others leave in memory would count.
await compareRelease()

const rows: Row[] = []
for (const pods of [10, 1000])
  for (const how of ['watched', 'asked once a second'] as const) rows.push(await measured(pods, how))

console.log(
  '\na canary in the steps 10 % and 50 %, promoted; every call of the run from its first look to its end\n',
)
console.log(
  '| pods | objects kept up to date | calls | of these writes | received | virtual time | saved state |',
)
console.log('| ---: | --- | ---: | ---: | ---: | ---: | ---: |')
for (const { pods, how, cost, seconds, stateKiB } of rows)
  console.log(
    `| ${pods} | ${how} | ${cost.calls} | ${cost.writes} | ${(cost.bytes / 1024).toFixed(0)} KiB | ${seconds.toFixed(0)} s | ${stateKiB.toFixed(1)} KiB |`,
  )
const ratio = (pods: number) => {
  const [watched, asked] = ['watched', 'asked once a second'].map(
    (how) => rows.find((row) => row.pods === pods && row.how === how)?.cost.calls ?? NaN,
  )
  return (asked ?? NaN) / (watched ?? NaN)
}
console.log(
  `\ncalls saved by watching: ${ratio(10).toFixed(1)}x with 10 pods, ${ratio(1000).toFixed(1)}x with 1000`,
)

/** A release of 50 services of 20 pods each in one run, beside one of them alone. */
async function compareRelease(): Promise<void> {
  const alone = (await measured(20, 'watched')).cost.calls
  const [one, oneBack] = await releaseRows({ services: 1, pods: 20 })
  const [all, back] = await releaseRows({ services: 50, pods: 20 })
  const [refused] = await releaseRows({ services: 50, pods: 20, errors: 0.5 })
  console.log('services of 20 pods each, released in one run by `targets`, and their way back\n')
  console.log(
    '| services | what | calls | for each | writes | virtual time | log lines | memory of the process |',
  )
  console.log('| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |')
  for (const row of [one, oneBack, all, back, refused]) {
    if (row === undefined) continue
    const { services, what, cost, seconds, lines, peakMiB } = row
    console.log(
      `| ${services} | ${what} | ${cost.calls} | ${(cost.calls / services).toFixed(1)} | ${cost.writes} | ${seconds.toFixed(0)} s | ${lines} | ${peakMiB.toFixed(0)} MiB |`,
    )
  }
  const each = (all?.cost.calls ?? NaN) / 50
  const eachBack = (back?.cost.calls ?? NaN) / 50
  const memory = Math.max(...[all, back, refused].map((row) => row?.peakMiB ?? NaN))
  console.log(
    `\ncalls for each of 50: ${each.toFixed(1)}, for one alone ${alone}; back: ${eachBack.toFixed(1)}, alone ${oneBack?.cost.calls ?? NaN}; at most ${memory.toFixed(0)} MiB, the simulated API server included`,
  )
  const isBetter = each <= alone && eachBack <= (oneBack?.cost.calls ?? NaN)
  if (!isBetter || !(memory < 512))
    throw new Error('expected no more calls for each service than for one alone, and less than 512 MiB')
}

async function measured(pods: number, how: Row['how']): Promise<Row> {
  const simulation = simulate({
    objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
  })
  const manifests = sizedManifests(pods)
  await canaryDeploy(inputs({ image: v1, release: 'r1' }), portsFor(simulation, manifests, simulation))
  simulation.settle()
  const begun = simulation.clock.elapsed()
  const counted = counting(how === 'watched' ? simulation.cluster : unwatched(simulation.cluster))
  const outcome = await canaryDeploy(
    inputs({ image: v2, release: 'r2' }),
    portsFor(simulation, manifests, counted),
  )
  if (outcome.targets[0]?.verdict !== 'promoted') throw new Error(outcome.because)
  return {
    pods,
    how,
    cost: counted.cost(),
    seconds: (simulation.clock.elapsed() - begun) / 1000,
    stateKiB: stateSize(simulation) / 1024,
  }
}

/** A server that allows no watch: every observation needs calls. */
function unwatched(cluster: Cluster & DryRun): Cluster & DryRun {
  return {
    ...cluster,
    watch: async function* () {
      await Promise.resolve()
      throw new Failure('forbidden', 'watching is not allowed', { fault: 'outside' })
    },
  }
}

function stateSize({ cluster }: Simulation): number {
  const name = 'alt-las-rollout-web'
  return JSON.stringify(
    cluster.peek<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name }),
  ).length
}
