import { formatDuration } from '@alt-las/time'
import type { Plan } from '../plan.ts'
import type { Scrapes } from '../scrapes.ts'

/**
 * Clean requests that the canary has to answer until it is proven to fail at most half a point more than stable, at 5 %: ln(20) / 0.005.
 * Bad versions are found with far fewer.
 */
export const provenRequests = Math.ceil(Math.log(20) / 0.005)

/** How long a decision takes at the present rate, in one sentence; null where nothing is judged. */
export async function trafficFor(plan: Plan, scrapes: Pick<Scrapes, 'history'>): Promise<string | null> {
  if (plan.steps.length === 0 && plan.strategy !== 'blue-green') return null
  const blocks = await scrapes.history(plan)
  const begun = blocks[0]?.from
  const end = blocks.at(-1)?.to
  const needs = `a proof needs some ${String(provenRequests)} requests to the new version`
  if (begun === undefined || end === undefined || end <= begun)
    return `${needs}; the present rate is not known`
  const requests = blocks.reduce((sum, { stable }) => sum + stable.requests, 0)
  return `${needs}; ${atRate(plan, (1000 * requests) / (end - begun))}`
}

/** Pure; `rate` in requests a second over both versions. */
export function atRate({ steps, strategy, judging }: Plan, rate: number): string {
  const now = `at the present ${rate.toPrecision(2)} requests a second`
  if (rate <= 0) return `${now} nothing can be decided: \`on-undecided\` will`
  const ramp = strategy === 'blue-green' ? [{ weight: 100, holdMs: judging.bakeMs }] : steps
  const during = ramp.reduce((sum, { weight, holdMs }) => sum + (rate * weight * holdMs) / 100_000, 0)
  const rounded = String(Math.round(during))
  if (during >= provenRequests) return `${now} it gets ${rounded} in the time of its steps`
  const last = (rate * (ramp.at(-1)?.weight ?? 100)) / 100
  const longer = (1000 * (provenRequests - during)) / last
  const held = ramp.reduce((sum, { holdMs }) => sum + holdMs, 0)
  const late = held + longer > judging.maxDurationMs ? ', beyond `max-duration`: `on-undecided` would decide' : ''
  return `${now} it gets ${rounded} in the time of its steps, and the rest takes ${formatDuration(longer)} more${late}`
}
