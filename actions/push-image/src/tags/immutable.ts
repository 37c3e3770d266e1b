/** Whether a tag never moves. */
export type Immutable = (tag: string) => boolean

/** Reads the input `immutable`; throws an Error that names the wrong line. */
export function parseImmutable(raw: string): Immutable {
  const lines = raw
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 1 && lines[0] === 'none') return () => false
  const patterns = lines.map(parsePattern)
  return (tag) => patterns.some((pattern) => pattern.test(tag))
}

function parsePattern(line: string): RegExp {
  if (!/^(?:[\w.*-]\??)+$/.test(line))
    throw new Error(`got ${JSON.stringify(line)}, expected a tag pattern such as v?X.Y.Z, or none`)
  const source = line.replace(/X|Y|Z|\*|\./g, (part) => {
    if (part === '*') return '.*'
    return part === '.' ? '\\.' : '(?:0|[1-9]\\d*)'
  })
  return new RegExp(`^${source}$`)
}
