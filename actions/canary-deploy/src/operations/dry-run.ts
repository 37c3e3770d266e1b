import { continueRollout, nameOf, type Rollout } from '@alt-las/rollout'
import type { Permission } from '@alt-las/kubernetes'
import { evidenceOf, type Operation } from '../evidence.ts'
import { forecast, lacking, targetOf, type Asked } from '../forecast/forecast.ts'
import type { Forecast } from '../forecast/shape.ts'
import type { CanaryOutcome, TargetResult } from '../outcome.ts'
import { denied } from '../permissions/permissions.ts'
import type { Ports } from '../ports.ts'
import { targetStatus } from './status.ts'

/** The forecast of `deploy` or `rollback` for these targets; changes nothing. */
export async function dryRun(
  operation: Operation,
  asked: readonly Asked[],
  ports: Ports,
): Promise<CanaryOutcome> {
  return outcomeOfForecasts(operation, await Promise.all(asked.map((one) => forecast(one, ports))))
}

/** The forecast of `promote` or `abort`; throws the same errors. */
export async function dryRunOn(
  operation: 'promote' | 'abort',
  states: readonly Rollout[],
  { needed, ports }: { readonly needed: readonly Permission[]; readonly ports: Ports },
): Promise<CanaryOutcome> {
  const denials = await denied(needed, ports.cluster)
  const now = ports.clock.now()
  return outcomeOfForecasts(
    operation,
    states.map((state): Forecast => {
      const next = continueRollout(state, operation, now) ?? state
      const { image } = targetStatus(state)
      return {
        ...targetOf(state.plan),
        serving: image,
        what: `${state.plan.release} goes from ${nameOf(state.phase)} to ${nameOf(next.phase)}: ${next.because}`,
        changes: [],
        stages: [],
        pods: { now: state.baseline.replicas, peak: state.baseline.replicas },
        traffic: [],
        problems: denials.map(lacking),
      }
    }),
  )
}

function outcomeOfForecasts(operation: Operation, forecasts: readonly Forecast[]): CanaryOutcome {
  const targets = forecasts.map(resultOf)
  const problems = forecasts.flatMap((one) => one.problems)
  const said = forecasts.map(({ what }) => what).join('; ')
  return {
    kind: 'passed',
    because:
      `dry-run, nothing was changed: ${said}` +
      (problems.length === 0 ? '' : `; problems: ${problems.join('; ')}`),
    subject: {
      target: forecasts.map(({ namespace, deployment }) => `${namespace}/${deployment}`).join(', '),
    },
    evidence: evidenceOf(operation, targets, forecasts),
    forecasts,
    targets,
  }
}

const resultOf = ({ namespace, deployment, what, serving, image, release }: Forecast): TargetResult => ({
  namespace,
  deployment,
  verdict: 'unchanged',
  because: what,
  image: serving ?? image,
  previousImage: serving,
  release,
  weight: 0,
  rollout: null,
})
