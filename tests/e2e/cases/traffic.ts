import type { Result, Shot } from '../load.ts'
import type { Run, Stack } from '../stack.ts'

/** What users do: every service takes part, the database too. */
const shots: readonly Shot[] = [
  { method: 'POST', path: '/api/segmentation/segments', body: { text: 'First. Second? Third!' } },
  { method: 'GET', path: '/api/archive/documents?limit=1' },
  {
    method: 'POST',
    path: '/api/ai/results',
    body: { text: 'A chain asks for segments. Then it scores them.' },
  },
  { method: 'GET', path: '/openapi.json' },
]

/** Requests per second that two cores serve beside a build. */
const rate = 50
/** More of them while versions are judged: how soon a version is proven depends on its requests, and nothing is built any more. */
const judgedRate = 100
const judging = /\[deploy-production\//

/** Runs the lab's command while users come; they are counted from its start to its end. */
export async function underUsers(
  stack: Stack,
  ...args: readonly string[]
): Promise<{ readonly run: Run; readonly users: Result }> {
  const loads = [stack.load(rate, shots)]
  const run = await stack
    .runHeard(args, (text) => {
      if (loads.length === 1 && judging.test(text)) loads.push(stack.load(judgedRate, shots))
    })
    .catch(async (error: unknown) => {
      await Promise.all(loads.map((load) => load.stop()))
      throw error
    })
  const users = (await Promise.all(loads.map((load) => load.stop()))).reduce(sum)
  console.log(said(users))
  return { run, users }
}

function sum(one: Result, other: Result): Result {
  const kinds = new Set([...Object.keys(one.reasons), ...Object.keys(other.reasons)])
  return {
    sent: one.sent + other.sent,
    failed: one.failed + other.failed,
    reasons: Object.fromEntries(
      [...kinds].map((kind) => [kind, (one.reasons[kind] ?? 0) + (other.reasons[kind] ?? 0)]),
    ),
    told: [...one.told, ...other.told],
  }
}

/** Shorter than anybody would take in production: two scrapes of the lab's Prometheus are ten seconds. */
export const quickSteps = ['--var', 'CANARY_STEPS=10%:10s, 50%:10s', '--var', 'BAKE=5s'] as const

/** The load as the log keeps it. */
const said = ({ sent, failed, reasons, told }: Result): string =>
  [`load: ${String(sent)} requests, ${String(failed)} failed ${JSON.stringify(reasons)}`, ...told].join('\n')
