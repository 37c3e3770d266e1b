/**
 * Names and values as the runner reads the text of GITHUB_OUTPUT or GITHUB_STATE: `name=value`, or `name<<delimiter` up to a line that is the
 * delimiter. The last value of a name counts.
 */
export function valuesIn(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? []
    if (name === undefined) {
      const at = line.indexOf('=')
      if (at > 0) found[line.slice(0, at)] = line.slice(at + 1)
      continue
    }
    const end = lines.indexOf(delimiter ?? '')
    found[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n')
  }
  return found
}
