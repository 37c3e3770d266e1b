import { firstAnswer, startProbe, type Probe } from '../rollouts/probe.ts'
import { startAction, type Ended, type Started } from '../rollouts/runner.ts'
import type { Stack } from '../stack.ts'
import { hostOf, image, namespace, version, type Behaviour } from './platform.ts'

/** Requests per second to each target. */
export const rate = 200
/** A user gives up after this long. */
const patienceMs = 3000
const historyMs = 60_000

/** One target under load, released again and again. */
export interface Lane {
  readonly stack: Stack
  readonly name: string
  /** Its own Prometheus. */
  readonly monitor: string
  readonly probe: Probe
  /** Rolls a version out; `meanwhile` may interfere. */
  release(story: Story): Promise<Seen>
  /** Header of every request from now on: the share of them that fails, with either version. */
  suffer(errors: number): void
  /** The same for a version that fails late. */
  failLate(errors: number): void
  close(): Promise<void>
}

export interface Story {
  /** In the log. */
  readonly title: string
  readonly behaviour: Behaviour
  readonly inputs?: Readonly<Record<string, string>>
  readonly meanwhile?: (started: Started) => Promise<void>
}

/** How a rollout ended. */
export interface Seen {
  readonly verdict: string
  readonly because: string
  /** In all, and until the judge had decided. */
  readonly seconds: number
  readonly decidedAfter: number
  /** At the users, of the requests that were sent meanwhile, by what they were. */
  readonly failed: Readonly<Record<string, number>>
  readonly ended: Ended
}

/** The Prometheus of a lane: where one is stopped, the other lanes see on. */
export const monitorOf = (lane: string): string => `prometheus-${lane}`

/** Installs the first version, and lets it serve long enough to look back at. */
export async function openLane(stack: Stack, name: string): Promise<Lane> {
  const monitor = monitorOf(name)
  const released = await image(stack)
  let [shared, late] = [0, 0]
  let count = 0
  const begin = ({ behaviour, inputs }: Pick<Story, 'behaviour' | 'inputs'>): Started => {
    const tag = `v${(count += 1)}`
    return startAction(stack, {
      namespace,
      deployment: name,
      image: released,
      manifests: version(name, tag, behaviour),
      release: tag,
      'metrics-url': `service://${namespace}/${monitor}:9090`,
      bake: '10s',
      'rollback-window': '0s',
      ...inputs,
    })
  }
  const first = await begin({ behaviour: {} }).ended
  if (first.outputs['verdict'] !== 'promoted') throw new Error(`${name}: not installed:\n${first.log}`)
  const headers = (): Record<string, string> => ({
    ...(shared === 0 ? {} : { 'x-shared-errors': String(shared) }),
    ...(late === 0 ? {} : { 'x-late-errors': String(late) }),
  })
  const users = { address: '10.96.0.80', host: hostOf(name), path: '/', rate }
  await firstAnswer(users)
  const probe = startProbe({
    ...users,
    fresh: 0.1,
    patience: patienceMs,
    headers,
  })
  await pause(historyMs)
  return {
    stack,
    name,
    monitor,
    probe,
    suffer: (errors) => {
      shared = errors
    },
    failLate: (errors) => {
      late = errors
    },
    release: async (story) => {
      const from = Date.now()
      const started = begin(story)
      const [ended] = await Promise.all([started.ended, story.meanwhile?.(started)]).catch(
        (error: unknown) => {
          started.signal('SIGTERM')
          throw error
        },
      )
      const to = Date.now()
      await pause(patienceMs)
      const seen: Seen = {
        verdict: ended.outputs['verdict'] ?? 'none',
        because: ended.outputs['because'] ?? '',
        seconds: (to - from) / 1000,
        decidedAfter: (decidedAt(ended) - from) / 1000,
        failed: probe.failedBetween(from - 1000, to + 1000),
        ended,
      }
      console.log(
        `${name}: ${story.title}: ${seen.verdict} in ${seen.seconds.toFixed(0)} s, decided after ${seen.decidedAfter.toFixed(0)} s, failed requests ${JSON.stringify(seen.failed)}: ${seen.because}`,
      )
      return seen
    },
    close: () => probe.stop(),
  }
}

/** When the judge's part was over, ms since 1970. */
function decidedAt({ document }: Ended): number {
  const timeline = document?.evidence.targets?.[0]?.timeline ?? []
  const decided = timeline.find(({ phase }) => phase === 'promote-traffic' || phase === 'revert')
  return decided?.atMs ?? NaN
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
