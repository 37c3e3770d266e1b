import { Failure } from '@alt-las/failure'
import type { Workload } from '@alt-las/kubernetes'

/** Where a probe runs, and whom it can stand for. */
export interface Inside {
  readonly namespace: string
  readonly workloads: readonly Workload[]
}

/** The labels of a workload's pods; none for null. Throws Failure `no-workload` for a name that is not verified. */
export function labelsOf(
  from: string | null,
  workloads: readonly Workload[],
): Readonly<Record<string, string>> {
  if (from === null) return {}
  const found = workloads.find((one) => one.metadata.name === from)
  if (found === undefined)
    throw new Failure('no-workload', `the source ${from} is not among the verified workloads`, {
      fault: 'input',
      hint: 'name a workload in `allowed-connections` and `denied-connections` that is also verified',
    })
  return found.spec.template.metadata?.labels ?? {}
}
