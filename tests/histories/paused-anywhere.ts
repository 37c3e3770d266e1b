import assert from 'node:assert/strict'
import { interleave } from '@alt-las/model-checker'
import { type Table, tableOf } from './judged.ts'
import type { Pair } from './pairs.ts'
import { ending } from './stories.ts'

/**
 * The first runner of the pair is paused before any of its calls, and woken when the other one is done: it changes nothing more. Answers
 * how many calls it was paused at; throws an AssertionError where it does.
 */
export async function pausedAnywhere(pair: Pair): Promise<number> {
  const table = await tableOf(pair)
  for (let after = 0; ; after += 1) {
    const broken = await wokenLate(table, after)
    if (broken === 'over') return after
    assert.deepEqual({ after, broken }, { after, broken: [] })
  }
}

/** The first runner sleeps through the whole work of the second. */
async function wokenLate({ begin }: Table, after: number): Promise<readonly string[] | 'over'> {
  const { here, simulation, runners } = begin()
  let left: string | null = null
  const [first, second] = runners
  if (first === undefined || second === undefined) throw new Error('a pair has two runners')
  const { steps } = await interleave(
    simulation,
    [
      first,
      async (lane) => {
        await second(lane).catch(() => undefined)
        // Pods that are on their way out go by themselves.
        simulation.settle()
        left = JSON.stringify(ending(simulation))
      },
    ],
    { kind: 'paused', runner: 0, after, wakes: 'late' },
  )
  const mine = steps.filter(({ runner }) => runner === 0).length
  if (mine <= after) return 'over'
  const took = (runner: number) =>
    steps.findIndex(
      (step) => step.runner === runner && step.call?.verb === 'patch' && step.call.at.kind === 'Lease',
    )
  // Before it took the lease it is a run like any other that comes late; and one that was never replaced simply goes on.
  const held = took(0) >= 0 && took(0) < after && took(1) >= 0
  const now = JSON.stringify(ending(simulation))
  return [...here.violations, ...(held && now !== left ? [`it changed ${left} to ${now}`] : [])]
}
