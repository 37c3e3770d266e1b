import type { Block, Cell } from '@alt-las/outcome'
import type { Rollout, SmokeCheck } from '@alt-las/rollout'

/** One row for all API tests before the first traffic; none where there are no results. */
export function smokeFacts(rollout: Rollout | null): readonly (readonly Cell[])[] {
  const { smoke } = rollout ?? {}
  return smoke === undefined ? [] : [['API tests', smoke.because]]
}

/** The API tests that have not passed. */
export function smokeBlocks({ smoke }: Rollout): readonly Block[] {
  const bad = (smoke?.checks ?? []).filter(({ outcome }) => outcome !== 'passed')
  if (bad.length === 0) return []
  return [{ kind: 'table', head: ['API test', 'outcome', 'because', 'after'], rows: bad.map(rowOf) }]
}

const rowOf = ({ name, outcome, because, ms }: SmokeCheck): readonly Cell[] => [
  name,
  outcome,
  because,
  `${ms} ms`,
]
