import type { Row } from './goals.ts'
import type { Runs } from './measure.ts'
import { axis, bar, cell, colors, dot, nameOf, rules, text, type Point } from './svg.ts'

const [width, height] = [1080, 760]

/** All that was measured on one page. */
export function picture(rows: readonly Row[], { seed, rollouts }: Runs): string {
  const legend = rules.map(
    (rule, i) => `${dot(630 + 90 * i, 30, rule)}${text(640 + 90 * i, 34, nameOf(rule))}`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(24, 36, 'The judge against the rules of its peers, on the same traffic', 17, 600),
    text(24, 56, `seed ${seed}, ${rollouts} rollouts of each scenario`, 12, 400, '#59636e'),
    ...legend,
    strips(rows, 'false-rollback', [24, 84], 'Healthy versions rolled back: a cell per scenario'),
    strips(rows, 'wrong-promotion', [556, 84], 'Bad versions promoted: a cell per scenario'),
    costs(rows, [24, 330]),
    delays(rows, [24, 596]),
    times(rows, [556, 330]),
    '</svg>\n',
  ].join('\n')
}

/** From what is asked for, over a little too much, to always. */
const shades: readonly (readonly [number, string, string])[] = [
  [0.005, '#aceebb', 'up to 0.5 %'],
  [0.05, '#ffd8a8', 'to 5 %'],
  [0.2, '#ffa94d', 'to 20 %'],
  [0.5, '#f76707', 'to 50 %'],
  [1, '#b42318', 'more'],
]
const shadeOf = (share: number): string => shades.find(([most]) => share <= most)?.[1] ?? ''

/** A strip per rule, a cell per scenario, in the same order in each. */
function strips(rows: readonly Row[], goal: Row['goal'], [left, top]: Point, title: string): string {
  const scenarios = rows.filter((row) => row.goal === goal)
  const size = 330 / Math.max(1, scenarios.length)
  const each = rules.map((rule, i) => {
    const y = top + 26 + 33 * i
    const shares = scenarios.map((row) => (rule === 'ours' ? row.value : row.peers[rule]) ?? null)
    const cells = shares.map((share, k) => {
      const told = `${nameOf(rule)}: ${scenarios[k]?.scenario ?? ''}: ${share === null ? 'not played' : percent(share)}`
      const fill = share === null ? '#eaeef2' : shadeOf(share)
      return cell([left + 66 + k * size, y], [size - 1, 22], fill, told)
    })
    const known = shares.filter((share) => share !== null)
    const over = known.filter((share) => share > 0.005).length
    return [
      text(left, y + 15, nameOf(rule), 12, rule === 'ours' ? 600 : 400, colors[rule]),
      ...cells,
      text(left + 404, y + 10, `worst ${percent(Math.max(0, ...known))}`, 10.5, 600),
      text(left + 404, y + 22, `${over} of ${known.length} over 0.5 %`, 9.5, 400, '#59636e'),
    ].join('')
  })
  const legend = shades.map(
    ([, fill, words], i) =>
      cell([left + 66 + 78 * i, top + 196], [10, 10], fill, words) +
      text(left + 80 + 78 * i, top + 205, words, 10, 400, '#59636e'),
  )
  return [text(left, top + 8, title, 13, 600), ...each, ...legend].join('\n')
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`

function costs(rows: readonly Row[], [left, top]: Point): string {
  const x = (failed: number) => left + 190 + (290 * Math.log10(Math.max(1, failed))) / 6
  const ticks = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].map((n) =>
    axis(x(n), [top + 20, top + 222], n >= 1000 ? `${n / 1000}k` : String(n)),
  )
  const groups = rows
    .filter(({ goal }) => goal === 'failed-requests')
    .map((row, i) => {
      const y = top + 28 + 49 * i
      const bars = rules.map((rule, k) => {
        const value = (rule === 'ours' ? row.value : row.peers[rule]) ?? null
        if (value === null) return ''
        return (
          bar([x(1), y + 8 * k], Math.max(2, x(value) - x(1)), rule, `${row.scenario}: ${value}`) +
          text(x(value) + 5, y + 8 * k + 7, String(Math.round(value)), 8.5)
        )
      })
      return text(left, y + 22, row.scenario, 11) + bars.join('')
    })
  return [
    text(left, top + 8, 'Failed requests until the rollback (or until it is promoted), 500 rps', 13, 600),
    ...ticks,
    ...groups,
  ].join('\n')
}

function times(rows: readonly Row[], [left, top]: Point): string {
  const x = (seconds: number) => left + 150 + (330 * Math.log10(Math.max(10, seconds) / 10)) / Math.log10(300)
  const ticks = [10, 30, 100, 300, 1000, 3000].map((n) => axis(x(n), [top + 20, top + 410], `${n} s`))
  const list = rows
    .filter(({ goal }) => goal === 'proof')
    .map((row, i) => {
      const y = top + 36 + 33 * i
      const dots = rules.flatMap((rule) => {
        const value = rule === 'ours' ? row.value : row.peers[rule]
        return value === null || value === undefined ? [] : [dot(x(value), y, rule, `${rule}: ${value} s`)]
      })
      const goal =
        row.most === null ? '' : `<path d="M${x(row.most)} ${y - 9}v18" stroke="#cf222e" stroke-width="2"/>`
      return text(left, y + 4, row.scenario.replace('healthy, ', ''), 11) + goal + dots.join('')
    })
  return [
    text(left, top + 8, "Seconds to a healthy version's proof (red: goal); peers: to promotion", 13, 600),
    ...ticks,
    ...list,
  ].join('\n')
}

function delays(rows: readonly Row[], [left, top]: Point): string {
  const x = (ratio: number) => left + 40 + 440 * ((ratio - 1) / 1.5)
  const ticks = [1, 1.25, 1.5, 1.75, 2, 2.2, 2.5].map((ratio) =>
    axis(x(ratio), [top + 20, top + 92], String(ratio), ratio === 2.2),
  )
  const dots = rows
    .filter(({ goal, value }) => goal === 'delay' && value !== null)
    .map((row, k) => dot(x(row.value ?? 1), top + 32 + ((k * 37) % 48), 'ours', row.scenario))
  return [
    text(left, top + 8, "Mean delay over Wald's bound, a dot per fault and weight (red: goal)", 13, 600),
    ...ticks,
    ...dots,
  ].join('\n')
}
