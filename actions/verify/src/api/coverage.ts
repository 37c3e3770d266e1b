import { no, yes, type CheckFinding } from '../check.ts'
import type { Agreement } from './openapi/agreement.ts'
import type { Operation } from './openapi/openapi.ts'

export interface Coverage {
  /** All operations of the document. */
  readonly count: number
  /** Operations of which no answer was checked. */
  readonly uncovered: readonly Operation[]
  /** Those of them that have answered, with what could not be checked. */
  readonly unchecked: ReadonlyMap<Operation, string>
  /** Why no request was generated for an operation. */
  readonly gaps: ReadonlyMap<Operation, string>
}

/** An operation counts as covered where an answer of it was held against the document. */
export function coverageOf(
  operations: readonly Operation[],
  { reached, gaps }: { readonly reached: ReadonlyMap<Operation, Agreement>; readonly gaps: Coverage['gaps'] },
): Coverage {
  const unchecked = new Map<Operation, string>()
  for (const [operation, agreement] of reached)
    if (agreement.kind === 'unchecked') unchecked.set(operation, agreement.because)
  const uncovered = operations.filter((one) => !reached.has(one) || unchecked.has(one))
  return { count: operations.length, uncovered, unchecked, gaps }
}

/** Operations that are not covered are named, and refuse nothing. A document by which no answer at all was checked is no check: it is refused. */
export function judgeCoverage({ count, uncovered, unchecked, gaps }: Coverage): CheckFinding {
  const name = ({ method, path }: Operation) => `${method} ${path}`
  const withGap = (one: Operation) => (gaps.has(one) ? `${name(one)} (${gaps.get(one)})` : name(one))
  const missing = uncovered.filter((one) => !unchecked.has(one)).map(withGap)
  const open = [...unchecked].map(([operation, because]) => `${name(operation)} (${because})`)
  const because = [
    `${count - uncovered.length} of ${count} operations are covered`,
    ...(missing.length === 0 ? [] : [`not covered: ${missing.join(', ')}`]),
    ...(open.length === 0 ? [] : [`not checked: ${open.join(', ')}`]),
  ].join('; ')
  return uncovered.length === count ? no(`${because}; expected at least one`) : yes(because)
}
