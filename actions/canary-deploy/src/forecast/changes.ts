import { title } from '@alt-las/kubernetes'
import { type Answer, type ObservedAutoscaler, type Plan, stateName, strategyOf } from '@alt-las/rollout'
import { canaryName, routePlaces, splitsBySelector } from '@alt-las/routers'
import { changedPaths } from './changed-paths.ts'

/** One object that would be written. */
export interface Change {
  readonly object: string
  readonly change: string
}

/** What would become of the user's own objects, as the API server says; what stays as it is is left out. */
export function changesOf(answers: readonly Answer[]): readonly Change[] {
  return answers.flatMap((answer) => {
    const change = changeOf(answer)
    return change === null ? [] : [{ object: title(answer.object), change }]
  })
}

function changeOf(answer: Answer): string | null {
  const { object, live } = answer
  if (answer.kind === 'refused') return 'cannot be predicted'
  if (live === null) return 'created'
  if (answer.kind === 'unknown') return 'cannot be predicted'
  const paths = changedPaths({ live, wanted: object, next: answer.next })
  return paths.length === 0 ? null : `changed: ${shortened(paths).join(', ')}`
}

const most = 4

const shortened = (paths: readonly string[]): readonly string[] =>
  paths.length <= most ? paths : [...paths.slice(0, most), `and ${paths.length - most} more`]

/** Objects that the rollout itself would write and remove again. */
export function ownChanges(
  plan: Plan,
  { serving, autoscaler }: { readonly serving: boolean; readonly autoscaler: ObservedAutoscaler | null },
): readonly Change[] {
  const { deployment, service, canaryService } = plan
  const beside = serving && strategyOf(plan).hasSecondVersion
  const passing = (object: string) => ({ object, change: 'created, and removed at the end' })
  const back = (object: string, what: string) => ({ object, change: `${what}, and restored at the end` })
  return [
    { object: `ConfigMap ${stateName(deployment)}`, change: 'the state of the rollout' },
    { object: `Lease of ${deployment}`, change: 'one run at a time' },
    ...plan.configs.map(({ kind, versioned }) => ({
      object: `${kind} ${versioned}`,
      change: 'created: this version of it',
    })),
    ...(plan.preDeployJob === null
      ? []
      : [{ object: `Job ${plan.preDeployJob.metadata.name}`, change: 'runs first' }]),
    ...(beside
      ? [
          passing(`Deployment ${canaryName(deployment)}`),
          passing(`Service ${canaryService}`),
          back(
            `Service ${service}`,
            splitsBySelector(plan) ? 'its selector is the switch' : 'pinned to one version',
          ),
          ...routePlaces(plan).map(({ kind }) => back(`${kind} to ${service}`, 'weights')),
          ...(autoscaler === null ? [] : [back(`HorizontalPodAutoscaler ${autoscaler.name}`, 'held')]),
          ...(plan.watchdogImage === null
            ? []
            : [passing("Job of the dead-man's switch, its ServiceAccount, Role and RoleBinding")]),
        ]
      : []),
  ]
}
