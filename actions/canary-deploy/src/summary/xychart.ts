/** One chart over time, with values at equal intervals from 0 to `end`. */
export interface Axis {
  readonly unit: string
  readonly end: number
}

export interface Lines {
  readonly title: string
  /** Name, least and most. */
  readonly y: readonly [string, number, number]
  readonly lines: readonly Line[]
}

export interface Line {
  readonly name: string
  /** #rrggbb */
  readonly color: string
  /** null = not known: the line keeps its last value. A line without any value is left out. */
  readonly values: readonly (number | null)[]
}

/** The text of a Mermaid chart. Titles and names are our own words: there is no escape in them. */
export function xychart({ unit, end }: Axis, { title, y: [name, least, most], lines }: Lines): string {
  const drawn = lines.filter(({ values }) => values.some((value) => value !== null))
  return [
    '---',
    'config:',
    '  xyChart:',
    '    width: 760',
    '    height: 260',
    '    titleFontSize: 15',
    '    xAxis: { labelFontSize: 12, titleFontSize: 12 }',
    '    yAxis: { labelFontSize: 12, titleFontSize: 12 }',
    '  themeVariables:',
    '    xyChart:',
    '      backgroundColor: transparent',
    `      plotColorPalette: '${drawn.map(({ color }) => color).join(', ')}'`,
    '---',
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis "${unit}" 0 --> ${plain(end)}`,
    `  y-axis "${name}" ${plain(least)} --> ${plain(most)}`,
    ...drawn.map((line) => `  line "${line.name}" [${held(line.values).map(plain).join(', ')}]`),
  ].join('\n')
}

/** A chart without gaps: Mermaid draws no line if one value is missing. */
function held(values: readonly (number | null)[]): readonly number[] {
  let last = values.find((value) => value !== null) ?? 0
  return values.map((value) => (last = value ?? last))
}

/** Mermaid reads no exponents. */
const plain = (value: number): string => String(Number(value.toFixed(3)))
