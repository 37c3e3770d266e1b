import { type Deployment, type Service, title } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'
import type { ObservedClaim } from '../observe/observe-claims.ts'
import { hasSmokePod } from '../observe/observe-smoke-pod.ts'
import { testedPort } from '../observe/smoke-target.ts'
import type { Refusal } from './refusal.ts'

export interface TestFacts {
  readonly plan: Plan
  /** The workload after an apply. */
  readonly next: Deployment
  /** The plan's Service after the manifests. */
  readonly service: Service | null
  /** Ports of it that routes name. */
  readonly routed: readonly string[]
  readonly claims: readonly ObservedClaim[]
  /** Pods of the old version serve now. */
  readonly serving: boolean
}

/** Why the plan's API tests could not reach the new version alone. */
export function untestable(facts: TestFacts): readonly Refusal[] {
  const { plan, service, routed, serving } = facts
  if (plan.smoke === undefined) return []
  const found = testedPort(plan, service, routed)
  return [
    ...(found.kind === 'none'
      ? [
          {
            what: `the API tests of \`smoke\` have no port to go to: ${found.because}`,
            remedy: 'name the port that serves HTTP http, or let the route name it',
          },
        ]
      : []),
    ...(serving && hasSmokePod(plan) ? notBeside(facts) : []),
  ]
}

/** One more pod of the template beside the workload. */
function notBeside({ next, claims }: TestFacts): readonly Refusal[] {
  const { spec } = next.spec.template
  const remedy = 'leave `smoke` out, and test the new version with `verify`'
  const alone = `${title(next)}: the API tests of \`smoke\` need one more pod of the new version, and`
  const ports = spec.containers.flatMap(({ ports: declared = [] }) =>
    declared.flatMap(({ hostPort }) => hostPort ?? []),
  )
  return [
    ...(next.spec.strategy?.type === 'Recreate'
      ? [{ what: `${alone} with strategy Recreate two versions must not run at the same time`, remedy }]
      : []),
    ...(spec.hostNetwork === true
      ? [{ what: `${alone} the template uses the network of its node, whose ports are taken`, remedy }]
      : []),
    ...(ports.length > 0
      ? [{ what: `${alone} the template takes the port ${ports.join(', ')} of its node`, remedy }]
      : []),
    ...claims
      .filter(({ accessModes }) => accessModes.includes('ReadWriteOncePod'))
      .map(({ name }) => ({ what: `${alone} the claim ${name} can be used by one pod at a time`, remedy })),
  ]
}
