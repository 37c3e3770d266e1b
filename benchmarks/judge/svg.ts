export const colors: Readonly<Record<string, string>> = {
  ours: '#1a7f37',
  flagger: '#0969da',
  argo: '#bc4c00',
  kayenta: '#8250df',
  'z-test': '#6e7781',
}
export const rules = Object.keys(colors)
export const nameOf = (rule: string): string => (rule === 'ours' ? 'ALT_LAS' : rule)

/** x, y in pixels. */
export type Point = readonly [number, number]

export const axis = (x: number, [top, bottom]: Point, label: string, goal = false): string =>
  `<path d="M${x.toFixed(1)} ${top}V${bottom}" stroke="${goal ? '#cf222e' : '#d1d9e0'}"/>` +
  `<text x="${x.toFixed(1)}" y="${bottom + 14}" text-anchor="middle" font-size="10" fill="#59636e">${label}</text>`

export const dot = (x: number, y: number, rule: string, title = rule): string =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" fill="${colors[rule] ?? ''}" fill-opacity="0.65"><title>${escape(title)}</title></circle>`

export const bar = ([x, y]: Point, length: number, rule: string, title: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${length.toFixed(1)}" height="7" fill="${colors[rule] ?? ''}"><title>${escape(title)}</title></rect>`

export function text(x: number, y: number, words: string, size = 12, weight = 400, fill = '#1f2328'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escape(words)}</text>`
}

const escape = (words: string): string =>
  words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** One cell of a heat strip. */
export const cell = ([x, y]: Point, [width, height]: Point, fill: string, title: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${fill}"><title>${escape(title)}</title></rect>`
