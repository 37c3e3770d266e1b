import type { Readable } from 'node:stream'

/** Maximum characters of one stream: the end is kept, since tools report failures there. */
const mostKept = 16 * 1024 * 1024
/** A longer line is handed on in pieces. */
const longestLine = 1024 * 1024

export interface Output {
  /** The output, or its end after a line with the number of omitted characters. */
  text(): string
}

/** Collects a child's stream, and hands on its lines as they come. */
export function collectOutput(
  stream: Readable,
  onLine: (line: string) => void,
  keptCharacters = mostKept,
): Output {
  const parts: string[] = []
  let kept = 0
  let leftOut = 0
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    parts.push(text)
    kept += text.length
    while (kept - (parts[0]?.length ?? 0) >= keptCharacters) {
      const dropped = parts.shift()?.length ?? 0
      kept -= dropped
      leftOut += dropped
    }
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
    if (rest.length < longestLine) return
    onLine(rest)
    rest = ''
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
  return {
    text: () => (leftOut === 0 ? '' : `[${leftOut} characters left out]\n`) + parts.join(''),
  }
}
