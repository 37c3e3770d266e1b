import type { Load, Result } from '../../../lab/traffic/load.ts'
import { shots } from '../../../lab/traffic/shots.ts'
import type { Run, Stack } from '../stack.ts'

/** Requests per second that two cores serve beside a build. */
const rate = 50
/** Nothing is built any more when versions are judged, and how soon one is proven depends on its requests. */
const judgedRate = 100
const deploying = /\[deploy-production\//

interface Used {
  readonly run: Run
  readonly users: Result
}

/** Runs the lab's command while users come; they are counted from its start to its end. */
export async function underUsers(stack: Stack, ...args: readonly string[]): Promise<Used> {
  const load = stack.load(rate, shots)
  const run = await stack.run(...args).catch(async (error: unknown) => {
    await load.stop()
    throw error
  })
  const users = await load.stop()
  console.log(said(users))
  return { run, users }
}

/**
 * Runs the lab's release while users come. They are counted from the beginning of its deployment: before that they are the judge's history,
 * and a runner that builds on the same two cores may cost one of them a request.
 */
export async function releasedUnderUsers(stack: Stack, ...args: readonly string[]): Promise<Used> {
  const before = stack.load(rate, shots)
  let history: Promise<Result> | null = null
  let counted: Load | null = null
  const run = await stack
    .runHeard(['release', ...args], (text) => {
      if (counted !== null || !deploying.test(text)) return
      counted = stack.load(judgedRate, shots)
      history = before.stop()
    })
    .finally(async () => {
      console.log(`before the deployment: ${said(await (history ?? before.stop()))}`)
    })
  const users = await (counted as Load | null)?.stop()
  if (users === undefined) throw new Error('the run has not come to its deployment')
  console.log(said(users))
  return { run, users }
}

/** Shorter than anybody would take in production: two scrapes of the lab's Prometheus are ten seconds. */
export const quickSteps = ['--var', 'CANARY_STEPS=10%:10s, 50%:10s', '--var', 'BAKE=5s'] as const

/** The load as the log keeps it. */
const said = ({ sent, failed, reasons, told }: Result): string =>
  [`load: ${sent} requests, ${failed} failed ${JSON.stringify(reasons)}`, ...told].join('\n')
