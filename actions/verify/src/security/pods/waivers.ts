import { podRules, type PodRule } from './pod-rules.ts'

/** A rule that one workload may break. The reason is shown wherever the waiver was needed. */
export interface Waiver {
  readonly workload: string
  readonly rule: PodRule
  readonly reason: string
}

const line = /^([^/\s]+)\/(\S+?):?\s+(.+)$/

/** `postgres/read-only-root: the database writes its socket`; throws an Error for any other text, also where the reason is missing. */
export function parseWaiver(text: string): Waiver {
  const [, workload = '', rule = '', reason = ''] = line.exec(text) ?? []
  const known = podRules.find((one) => one === rule)
  if (known === undefined)
    throw new Error(
      `got ${JSON.stringify(text)}, expected <workload>/<rule>: <reason> with a rule of ${podRules.join(', ')}`,
    )
  return { workload, rule: known, reason }
}
