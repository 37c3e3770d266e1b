import { type Audience, audienceTexts, leastShare, mostShare } from '@alt-las/routers'
import { formatDuration, parseDuration } from '@alt-las/time'

/** Who they are, and how long they have the new version before the weights begin. */
export type HeldAudience = Audience & { readonly holdMs: number }

const usualHoldMs = 600_000

/**
 * Lines `header: X-Beta=true`, `cookie: beta=1` or `share: 5% by cookie session`, and `hold: 10m`; null for `off` or nothing. Throws an Error
 * with every problem in one sentence.
 */
export function parseAudience(raw: string): HeldAudience | null {
  const lines = raw
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0 || (lines.length === 1 && lines[0] === 'off')) return null
  const problems: string[] = []
  const audiences: Audience[] = []
  const holds: number[] = []
  for (const line of lines) {
    const [, key = '', value = ''] = /^([a-z]+)\s*:\s*(.*)$/.exec(line) ?? []
    const found = key === 'hold' ? holdOf(value) : audienceOf(key, value, line)
    if (typeof found === 'string') problems.push(found)
    else if (typeof found === 'number') holds.push(found)
    else audiences.push(found)
  }
  if (audiences.length !== 1 && problems.length === 0)
    problems.push(
      `got ${audiences.length === 0 ? 'no audience' : `${audiences.length} audiences`}, expected one line header, cookie or share`,
    )
  if (holds.length > 1) problems.push(`got hold ${holds.length} times, expected it once`)
  const [audience] = audiences
  if (problems.length > 0 || audience === undefined) throw new Error(problems.join('; '))
  return { ...audience, holdMs: holds[0] ?? usualHoldMs }
}

/** `cookie: beta=1, hold: 10m`. */
export function formatAudience(audience: HeldAudience): string {
  const hold = `hold: ${formatDuration(audience.holdMs)}`
  if (audience.kind !== 'share') return `${audience.kind}: ${audience.name}=${audience.value}, ${hold}`
  const { percent, by, name, characters } = audience
  return `share: ${percent}% by ${by} ${name}${characters === 'hex' ? '' : ' digits'}, ${hold}`
}

function holdOf(value: string): number | string {
  const ms = parseDuration(value)
  return ms === null || ms <= 0 ? `got hold ${JSON.stringify(value)}, expected a time such as 10m` : ms
}

function audienceOf(key: string, value: string, line: string): Audience | string {
  switch (key) {
    case 'header':
    case 'cookie':
      return marked(key, value)
    case 'share':
      return share(value)
    default:
      return `got ${JSON.stringify(line)}, expected header: X-Beta=true, cookie: beta=1, share: 5% by cookie session, or hold: 10m`
  }
}

function marked(kind: 'header' | 'cookie', text: string): Audience | string {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  return (
    nameProblem(kind, name) ??
    (audienceTexts.value.test(value)
      ? { kind, name, value }
      : `got the value ${JSON.stringify(value)} for the ${kind} ${name}, expected 1 to 64 letters, digits, dots, dashes and underscores`)
  )
}

function share(text: string): Audience | string {
  const [, number, by, name = '', last = 'hex'] =
    /^(\d+(?:\.\d+)?)%\s+by\s+(header|cookie)\s+(\S+)(?:\s+(hex|digits))?$/.exec(text) ?? []
  if (number === undefined || (by !== 'header' && by !== 'cookie') || (last !== 'hex' && last !== 'digits'))
    return `got share ${JSON.stringify(text)}, expected for example 5% by cookie session, or 5% by header X-User-Id digits`
  const percent = Number(number)
  const least = last === 'hex' ? leastShare : 1
  if (!(percent >= least && percent <= mostShare))
    return `got a share of ${number}%, expected from ${least}% to ${mostShare}% of the users`
  return nameProblem(by, name) ?? { kind: 'share', percent, by, name, characters: last }
}

/** The headers that a gateway takes apart or writes by itself are compared in other ways, if at all. */
const notCompared = /^(cookie|host|connection|transfer-encoding|content-length|te|upgrade|trailer)$/i

function nameProblem(kind: 'header' | 'cookie', name: string): string | null {
  if (kind === 'header' && notCompared.test(name))
    return `got the header ${name}, expected one of your own such as X-Beta${/^cookie$/i.test(name) ? ', or a line cookie: beta=1' : ''}`
  if (audienceTexts[kind].test(name)) return null
  return kind === 'header'
    ? `got the header ${JSON.stringify(name)}, expected a name of letters, digits and dashes such as X-Beta`
    : `got the cookie ${JSON.stringify(name)}, expected a name of letters, digits, dots, dashes and underscores`
}
