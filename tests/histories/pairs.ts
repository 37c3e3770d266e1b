import type { ConfigMap, Lease } from '@alt-las/kubernetes'
import { stateName } from '@alt-las/rollout'
import type { FingerprintOptions, Lane, Snapshot } from '@alt-las/simulated-cluster'
import { killPoints } from '@alt-las/model-checker'
import { v3 } from '../../packages/rollout/testing/manifests.ts'
import { type Story, ending, opening, operate, stories } from './stories.ts'
import { type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

/** Two runners that come to one target, and what was there when they came. */
export interface Pair {
  readonly name: string
  readonly first: Story
  readonly second: Story
  /** Where an earlier run of `first` was cancelled, by the name of its phase; left out: it has not begun. */
  readonly leftIn?: string
  /** Every order with up to so many switches can be looked at in minutes. */
  readonly switches: number
}

const named = (name: string) => stories.find((one) => one.name === name) as Story
const other = (story: Story): Story => ({
  ...story,
  inputs: { ...story.inputs, image: v3, release: 'r3' },
})

/** The same from another beginning. */
const after = (story: Story, { before }: Story): Story => ({ ...story, before })

/** One step without holding: the fewest calls in which everything happens. */
const short = (story: Story, pause?: true): Story => {
  const step = { weight: 50, holdMs: 0, ...(pause === undefined ? {} : { pause }) }
  const steps = { pauseAtPreview: false, steps: [step] }
  return { ...story, inputs: { ...story.inputs, steps } }
}

const canary = named('canary')
const swift = short(canary)
const abort = named('abort')
const promote = named('promote')

/** Whole rollouts: long, so that orders are drawn. */
export const longPairs: readonly Pair[] = [
  { name: 'the same plan', first: canary, second: canary, switches: 1 },
  { name: 'another plan', first: canary, second: other(canary), switches: 1 },
  { name: 'a deploy and its abort', first: canary, second: after(abort, canary), switches: 1 },
]

/** Few calls about what two runners can fight for: short enough for every order with few switches. */
export const shortPairs: readonly Pair[] = [
  { name: 'two aborts', first: abort, second: abort, switches: 3 },
  { name: 'a promote and an abort', first: promote, second: abort, switches: 3 },
  {
    name: 'two first installations',
    first: named('first installation'),
    second: named('first installation'),
    switches: 3,
  },
  {
    name: 'two rolling updates of the same plan',
    first: named('rolling'),
    second: named('rolling'),
    switches: 3,
  },
  {
    name: 'two rolling updates of different plans',
    first: named('rolling'),
    second: other(named('rolling')),
    switches: 3,
  },
  { name: 'the same plan in its step', first: swift, second: swift, leftIn: 'step 1', switches: 2 },
  {
    name: 'an abort in the step of a deploy',
    first: swift,
    second: after(abort, swift),
    leftIn: 'step 1',
    switches: 2,
  },
  { name: 'the same plan in promotion', first: swift, second: swift, leftIn: 'promote-stable', switches: 2 },
  {
    name: 'the same plan at the last clean-up',
    first: swift,
    second: swift,
    leftIn: 'promote-clean',
    switches: 3,
  },
  { name: 'two aborts on the way back', first: abort, second: abort, leftIn: 'revert', switches: 3 },
]

/** The world that both runners find. */
export async function meeting({ first, leftIn }: Pair): Promise<Snapshot> {
  const start = await opening(first)
  if (leftIn === undefined) return start
  const here = scenario(first.habits, start)
  const { points } = await killPoints(here, (lane) => operate(first, here, { holder: 'earlier/9/1', lane }))
  const point = points.find(({ call, when, snapshot }) => {
    if (when !== 'after' || call.at.kind !== 'ConfigMap' || call.verb !== 'patch') return false
    const [state] = scenario(first.habits, snapshot).cluster.all<ConfigMap>('ConfigMap')
    return state?.data?.['phase'] === leftIn
  })
  if (point === undefined) throw new Error(`no run of ${first.name} comes to ${leftIn}`)
  return released(scenario(first.habits, point.snapshot))
}

/** Who is cancelled gives the lease back: the next one can begin at once. */
function released({ cluster, snapshot }: Scenario): Snapshot {
  for (const lease of cluster.all<Lease>('Lease'))
    if (lease.metadata.name === stateName('web'))
      cluster.put<Lease>({ ...lease, spec: { ...lease.spec, holderIdentity: '' } })
  return snapshot()
}

/** The runners of a pair on their ways to one cluster. */
export const runnersOf = (
  { first, second }: Pair,
  here: Scenario,
): readonly ((lane: Lane) => Promise<void>)[] => [
  (lane) => operate(first, here, { holder: 'first/1/1', lane }),
  (lane) => operate(second, here, { holder: 'second/2/1', lane }),
]

/** The state after a last run of `first`: a run that finds the work done ends `unchanged`, which is the same end. */
export async function finallyIn(here: Scenario, { first }: Pair): Promise<string> {
  const last = { holder: 'last/3/1', lane: here }
  await operate(first, here, last).catch(async (error: unknown) => {
    // What is on its way back cannot be promoted any more.
    if (first.orElse === undefined) throw error
    await operate({ ...first, inputs: first.orElse }, here, last)
  })
  here.settle()
  return JSON.stringify(ending(here)).replace('"unchanged"', '"promoted"')
}

/** How it may end: as if the two had come one after the other, in either order, or only one of them. */
export async function goalsOf(pair: Pair, start: Snapshot): Promise<ReadonlySet<string>> {
  const goals = new Set<string>()
  for (const order of [[0], [1], [0, 1], [1, 0]]) {
    const here = scenario(pair.first.habits, start)
    for (const runner of order) {
      await runnersOf(pair, here)
        [runner]?.(here)
        .catch(() => undefined)
      here.settle()
    }
    goals.add(await finallyIn(here, pair))
  }
  return goals
}

/** Two worlds that differ in nothing but when things were. */
export const timelessly: FingerprintOptions = {
  timeless: true,
  canonical: (object) => JSON.parse(JSON.stringify(object).replaceAll(times, '0')) as unknown,
}

const times = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b1\d{12}\b/g
