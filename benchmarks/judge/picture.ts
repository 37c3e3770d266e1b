import type { Row } from './goals.ts'
import type { Runs } from './measure.ts'

const colors: Readonly<Record<string, string>> = {
  ours: '#1a7f37',
  flagger: '#0969da',
  argo: '#bc4c00',
  kayenta: '#8250df',
  'z-test': '#6e7781',
}
const rules = Object.keys(colors)
const [width, height] = [1080, 760]

/** All that was measured on one page. */
export function picture(rows: readonly Row[], { seed, rollouts }: Runs): string {
  const legend = rules.map(
    (rule, i) =>
      `${dot(630 + 90 * i, 30, rule)}${text(640 + 90 * i, 34, rule === 'ours' ? 'ALT_LAS' : rule)}`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">`,
    `<rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    text(24, 36, 'The judge against the rules of its peers, on the same traffic', 17, 600),
    text(24, 56, `seed ${String(seed)}, ${String(rollouts)} rollouts of each scenario`, 12, 400, '#59636e'),
    ...legend,
    spread(rows, 'false-rollback', [24, 84], 'Healthy versions rolled back, a dot per scenario'),
    spread(rows, 'wrong-promotion', [556, 84], 'Bad versions promoted, a dot per scenario'),
    costs(rows, [24, 330]),
    delays(rows, [24, 596]),
    times(rows, [556, 330]),
    '</svg>\n',
  ].join('\n')
}

type Point = readonly [number, number]

/** A strip per rule; the axis is the square root, since all that matters lies near nothing. */
function spread(rows: readonly Row[], goal: Row['goal'], [left, top]: Point, title: string): string {
  const x = (share: number) => left + 80 + 400 * Math.sqrt(share)
  const ticks = [0, 0.005, 0.05, 0.2, 0.5, 1].map((share) =>
    axis(x(share), [top + 20, top + 200], `${String(100 * share)} %`),
  )
  const strips = rules.map((rule, i) => {
    const y = top + 44 + 34 * i
    const dots = rows
      .filter((row) => row.goal === goal)
      .flatMap((row, k) => {
        const value = rule === 'ours' ? row.value : row.peers[rule]
        if (value === undefined || value === null) return []
        return [dot(x(value), y + 3 * ((k % 5) - 2), rule, row.scenario)]
      })
    return (
      text(left, y + 4, rule === 'ours' ? 'ALT_LAS' : rule, 12, rule === 'ours' ? 600 : 400) + dots.join('')
    )
  })
  return [text(left, top + 8, title, 13, 600), ...ticks, ...strips].join('\n')
}

function costs(rows: readonly Row[], [left, top]: Point): string {
  const x = (failed: number) => left + 190 + (290 * Math.log10(Math.max(1, failed))) / 6
  const ticks = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].map((n) =>
    axis(x(n), [top + 20, top + 222], n >= 1000 ? `${String(n / 1000)}k` : String(n)),
  )
  const groups = rows
    .filter(({ goal }) => goal === 'failed-requests')
    .map((row, i) => {
      const y = top + 28 + 49 * i
      const bars = rules.map((rule, k) => {
        const value = (rule === 'ours' ? row.value : row.peers[rule]) ?? null
        if (value === null) return ''
        return (
          bar([x(1), y + 8 * k], Math.max(2, x(value) - x(1)), rule, `${row.scenario}: ${String(value)}`) +
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
  const ticks = [10, 30, 100, 300, 1000, 3000].map((n) => axis(x(n), [top + 20, top + 410], `${String(n)} s`))
  const list = rows
    .filter(({ goal }) => goal === 'proof')
    .map((row, i) => {
      const y = top + 36 + 33 * i
      const dots = rules.flatMap((rule) => {
        const value = rule === 'ours' ? row.value : row.peers[rule]
        return value === null || value === undefined
          ? []
          : [dot(x(value), y, rule, `${rule}: ${String(value)} s`)]
      })
      const goal =
        row.most === null
          ? ''
          : `<path d="M${String(x(row.most))} ${String(y - 9)}v18" stroke="#cf222e" stroke-width="2"/>`
      return text(left, y + 4, row.scenario.replace('healthy, ', ''), 11) + goal + dots.join('')
    })
  return [
    text(left, top + 8, 'Time to the proof of a healthy version (red: goal); peers: to promotion', 13, 600),
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

const axis = (x: number, [top, bottom]: Point, label: string, goal = false): string =>
  `<path d="M${x.toFixed(1)} ${String(top)}V${String(bottom)}" stroke="${goal ? '#cf222e' : '#d1d9e0'}"/>` +
  `<text x="${x.toFixed(1)}" y="${String(bottom + 14)}" text-anchor="middle" font-size="10" fill="#59636e">${label}</text>`

const dot = (x: number, y: number, rule: string, title = rule): string =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" fill="${colors[rule] ?? ''}" fill-opacity="0.65"><title>${escape(title)}</title></circle>`

const bar = ([x, y]: Point, length: number, rule: string, title: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${length.toFixed(1)}" height="7" fill="${colors[rule] ?? ''}"><title>${escape(title)}</title></rect>`

function text(x: number, y: number, words: string, size = 12, weight = 400, fill = '#1f2328'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${String(size)}" font-weight="${String(weight)}" fill="${fill}">${escape(words)}</text>`
}

const escape = (words: string): string =>
  words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
