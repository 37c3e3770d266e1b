import { systemClock } from '@alt-las/time'
import { until } from '../../../lab/base/until.ts'
import type { Manifest } from '../../../lab/parts/apply.ts'
import type { Environment } from '../environment/environment.ts'
import { verifyEnvironment, type Verified } from '../environment/verify.ts'
import type { Defect, Expected } from './defect.ts'

export interface Played {
  readonly defect: Defect
  /** What differs from what was expected; empty: found by the checks that should, and by no other. */
  readonly problems: readonly string[]
  /** What verify said, one sentence for each check that was not passed. */
  readonly said: readonly string[]
  readonly seconds: number
}

/** Plants the defect, verifies, and undoes it, whatever happened. */
export async function play(defect: Defect, environment: Environment): Promise<Played> {
  const begun = performance.now()
  const { apply = [], remove = [], inputs = {} } = await defect.change(environment)
  const restore = await defect.act?.(environment)
  try {
    for (const object of remove) await environment.remove(object)
    if (apply.length > 0) await environment.apply(apply)
    if (defect.neverReady !== true) await environment.settled(remove)
    await shows(defect, environment, true)
    const verified = await verifyEnvironment(environment, { ...defect.inputs?.(environment), ...inputs })
    const said = saidBy(verified)
    const seconds = (performance.now() - begun) / 1000
    return { defect, problems: differences(defect.found, verified), said, seconds }
  } finally {
    await restore?.()
    await undo([...apply, ...remove], environment)
    await environment.settled()
    await shows(defect, environment, false)
  }
}

/** Brings every object back to what the environment has, and removes what it does not have. */
async function undo(changed: readonly Manifest[], environment: Environment): Promise<void> {
  const ownOf = (one: Manifest) =>
    environment.objects.find(
      ({ kind, metadata: { name } }) => kind === one.kind && name === one.metadata.name,
    )
  const own = changed.flatMap((one) => ownOf(one) ?? [])
  for (const object of changed.filter((one) => ownOf(one) === undefined)) await environment.remove(object)
  if (own.length > 0) await environment.apply(own)
}

async function shows(defect: Defect, environment: Environment, wanted: boolean): Promise<void> {
  const { shows: ask } = defect
  if (ask === undefined) return
  // A gateway takes its configuration in steps: once is no proof.
  let inARow = 0
  const isSo = async () => {
    inARow = (await ask(environment).catch(() => !wanted)) === wanted ? inARow + 1 : 0
    return inARow === 3
  }
  const what = wanted ? `the defect: ${defect.name}` : `the end of the defect: ${defect.name}`
  await until({ what, seconds: 60 }, isSo, systemClock)
}

export const saidBy = ({ checks }: Verified): readonly string[] =>
  checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ outcome, kind, name, because }) => `${outcome} ${kind} ${name}: ${because}`)

/** Checks that should have reported and did not, and those that reported and should not. */
export function differences(
  found: readonly Expected[],
  { checks }: Pick<Verified, 'checks'>,
): readonly string[] {
  const nameOf = ({ kind, name }: { readonly kind: string; readonly name: string }) => `${kind} ${name}`
  const missing = found.flatMap(({ check, because }) => {
    const one = checks.find((its) => nameOf(its) === check)
    if (one === undefined) return [`${check}: no such check`]
    if (one.outcome !== 'refused') return [`${check}: ${one.outcome}, expected refused: ${one.because}`]
    return because.test(one.because) ? [] : [`${check}: got "${one.because}", expected ${String(because)}`]
  })
  const more = checks.filter(
    (one) => one.outcome !== 'passed' && !found.some(({ check }) => check === nameOf(one)),
  )
  return [...missing, ...more.map((one) => `nothing is wrong with ${nameOf(one)}: ${one.because}`)]
}
