import type { Goal, Row } from './goals.ts'

export const titles: Readonly<Record<Goal, string>> = {
  'false-rollback': 'Healthy versions rolled back: at most 0.5 % in every scenario',
  'wrong-promotion': 'Bad versions promoted: at most 0.5 %, 5 % at 5 requests a second',
  'late-rollback': 'Healthy versions rolled back with all traffic, in the rollback window: at most 0.5 %',
  'late-promotion': 'Faults that begin in the rollback window, promoted: at most 1 %',
  'failed-requests': 'Failed requests until the rollback (median), at 500 requests a second and 0.1 %',
  delay: "Mean delay over Wald's bound of the same null: at most 2.2",
  proof: 'Seconds until a healthy version is proven (median); the peers: until they promote',
  replay: 'Every decision again from the recorded blocks',
}

const names = ['flagger', 'argo', 'kayenta', 'z-test']

/** The head of a goal's table. */
export const head = (goal: Goal): string =>
  `\n${titles[goal]}\n${cells(['', 'ours', 'goal', '', ...(hasPeers(goal) ? names.map((name) => wide(goal, name)) : [])])}`

export function line(row: Row): string {
  const show = (value: number | null) => (value === null ? '-' : figure(row.goal, value))
  const verdict = row.pass === null ? '' : row.pass ? 'PASS' : distance(row)
  const peers = hasPeers(row.goal) ? names.map((name) => wide(row.goal, peer(row, name))) : []
  return cells([row.scenario, show(row.value), row.most === null ? '' : show(row.most), verdict, ...peers])
}

/** One line per goal, with the worst row. */
export function summary(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.map(({ goal }) => goal))].map((goal) => {
    const rated = rows.filter((row) => row.goal === goal && row.pass !== null)
    const missed = rated.filter(({ pass }) => pass === false)
    const worst = rated.reduce<Row | null>(
      (most, row) => (most === null || over(row) > over(most) ? row : most),
      null,
    )
    const state = missed.length === 0 ? 'PASS' : `${missed.length} of ${rated.length} missed`
    const at =
      worst === null || worst.value === null ? '' : `worst ${figure(goal, worst.value)} (${worst.scenario})`
    return `${state.padEnd(16)} ${titles[goal]}; ${at}`
  })
}

const over = ({ value, most }: Row): number => (value ?? Infinity) / Math.max(1e-9, most ?? Infinity)

const distance = (row: Row): string => `${over(row).toFixed(2)}x over`

function peer(row: Row, name: string): string {
  const value = row.peers[name]
  if (value === undefined) return ''
  const ratio = value / (row.value ?? NaN)
  const times = row.goal === 'failed-requests' && Number.isFinite(ratio) ? ` (${ratio.toFixed(0)}x)` : ''
  return figure(row.goal, value) + times
}

// A count with its ratio is longer than a share.
const wide = (goal: Goal, cell: string): string => (goal === 'failed-requests' ? cell.padStart(20) : cell)

/** They know no window after the promotion. */
const peerless: ReadonlySet<Goal> = new Set(['delay', 'replay', 'late-rollback', 'late-promotion'])

const hasPeers = (goal: Goal): boolean => !peerless.has(goal)

const shares: ReadonlySet<Goal> = new Set([
  'false-rollback',
  'wrong-promotion',
  'late-rollback',
  'late-promotion',
])

function figure(goal: Goal, value: number): string {
  if (shares.has(goal)) return `${Number((100 * value).toFixed(2))} %`
  return String(Number(value.toFixed(goal === 'delay' ? 2 : 1)))
}

const cells = ([first = '', ...rest]: readonly string[]): string =>
  first.padEnd(67) + rest.map((cell) => cell.padStart(12)).join('')
