import { describe, Failure } from '@alt-las/failure'
import { type Holding, type Plan, holdTarget } from '@alt-las/rollout'
import { rolloutPorts } from '../operations/rollout-ports.ts'
import { saidOf } from '../operations/at-once.ts'
import type { Ports } from '../ports.ts'

const keepMs = 2000

/**
 * The leases of all targets, taken before the first write: another release with one of these targets, and another run of one of them, is told so. All
 * or none: throws Failure `held` that names each target of another run.
 */
export async function holdAll(
  targets: readonly Pick<Plan, 'namespace' | 'deployment'>[],
  ports: Ports,
): Promise<ReadonlyMap<string, Holding>> {
  const held = new Map<string, Holding>()
  const over = new AbortController()
  const width = Math.max(...targets.map(({ deployment }) => deployment.length))
  const taken = Promise.allSettled(
    targets.map(async (target) => {
      const own = rolloutPorts(saidOf(target.deployment, width, ports))
      held.set(target.deployment, await holdTarget(target, own))
    }),
  ).finally(() => {
    over.abort()
  })
  // One of a dead run takes half a minute: the others must not seem dead meanwhile.
  await keptUntil(over.signal, held, ports)
  const errors = (await taken).flatMap((one, index) =>
    one.status === 'rejected' ? [`${targets[index]?.deployment ?? ''}: ${describe(one.reason)}`] : [],
  )
  if (errors.length === 0) return held
  await releaseAll(held)
  throw new Failure('held', `nothing was changed: ${errors.join('; ')}`, {
    fault: 'outside',
    hint: 'wait for the other run, or cancel it',
  })
}

export async function releaseAll(held: ReadonlyMap<string, Holding>): Promise<void> {
  await Promise.all([...held.values()].map((one) => one.release()))
}

async function keptUntil(
  over: AbortSignal,
  held: ReadonlyMap<string, Holding>,
  { clock }: Ports,
): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(keepMs, over).catch(() => undefined)
    if (over.aborted) return
    // A lease that was lost is found by the rollout's own first step.
    for (const one of held.values()) await one.keep().catch(() => undefined)
  }
}
