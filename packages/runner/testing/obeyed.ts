/**
 * The first line that GitHub's runner would take for a command in what a step prints; '' for none. As its ActionCommandManager reads it:
 * lines end at LF, CR or both; blanks in front are trimmed; texts are compared by language, which skips invisible characters.
 */
export function obeyed(printed: string): string {
  let stopped = ''
  for (const line of printed.split(/\r\n|\r|\n/)) {
    const seen = asCompared(line)
    if (stopped !== '') {
      if (seen === `::${stopped}::`) stopped = ''
      continue
    }
    const token = /^::stop-commands::(.+)$/.exec(seen)?.[1]
    if (token !== undefined) stopped = token
    else if (seen.startsWith('::') || seen.includes('##[')) return line
  }
  return ''
}

/** A line as the runner compares it: without blanks in front, colours and invisible characters. */
export const asCompared = (line: string): string =>
  line
    .replace(/[\p{C}\p{M}]/gu, '')
    .replace(/\[[\d;]*m/g, '')
    .trim()
